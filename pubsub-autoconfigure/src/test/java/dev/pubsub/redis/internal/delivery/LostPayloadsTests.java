package dev.pubsub.redis.internal.delivery;

import java.util.ArrayDeque;
import java.util.Queue;

import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LostPayloadsTests {

	private final Queue<Runnable> later = new ArrayDeque<>();

	private final LostPayloads lost = new LostPayloads("orders", (delay, task) -> this.later.add(task));

	@Test
	void oneEntryIsOneLine(CapturedOutput output) {
		this.lost.add(new EntryId(1, 0));
		passTime();

		assertThat(output.toString().lines()).hasSize(1);
		assertThat(output).contains("Entry 1-0 of orders was trimmed");
	}

	@Test
	void manyEntriesAreTwoLinesAWhile(CapturedOutput output) {
		for (int i = 1; i <= 20_000; i++) {
			this.lost.add(new EntryId(i, 0));
		}
		passTime();
		passTime();
		assertThat(output.toString().lines()).hasSize(2);
		assertThat(output).contains("19999 more entries of orders", "from 2-0 to 20000-0");

		this.lost.add(new EntryId(30_000, 0));
		assertThat(output).contains("Entry 30000-0 of orders was trimmed");
	}

	private void passTime() {
		Runnable task = this.later.poll();
		if (task != null) {
			task.run();
		}
	}

}
