package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.StreamGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ReadStopTests {

	private int owed;

	private long now = -1;

	private final ReadStop stop = new ReadStop(new StreamGroup("orders", "billing"), "messages wait", 100,
			() -> this.owed, () -> this.now);

	@Test
	void isReachedWhileSoManyAreOwed() {
		this.owed = 99;
		assertThat(this.stop.isReached()).isFalse();
		this.owed = 100;
		assertThat(this.stop.isReached()).isTrue();
		this.owed = 50;
		assertThat(this.stop.isReached()).isFalse();
	}

	@Test
	void saysOnceThatItLastsAndOnceThatItIsOver(CapturedOutput output) {
		this.owed = 100;
		this.stop.isReached();
		pass(Duration.ofSeconds(9));
		assertThat(output).doesNotContain("waits");

		pass(Duration.ofSeconds(1));
		pass(Duration.ofSeconds(60));
		assertThat(output.toString().split("waits: 100 messages", -1)).hasSize(2);

		this.owed = 0;
		pass(Duration.ofSeconds(1));
		pass(Duration.ofSeconds(1));
		assertThat(output.toString().split("goes on", -1)).hasSize(2);
	}

	@Test
	void saysNothingOfAShortDebt(CapturedOutput output) {
		for (int i = 0; i < 10; i++) {
			this.owed = 100;
			pass(Duration.ofSeconds(5));
			this.owed = 0;
			pass(Duration.ofSeconds(5));
		}

		assertThat(output).doesNotContain("waits").doesNotContain("goes on");
	}

	private void pass(Duration time) {
		this.now += time.toNanos();
		this.stop.isReached();
	}

}
