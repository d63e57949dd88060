package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WaitingMessagesTests {

	private final WaitingMessages waiting = new WaitingMessages(1);

	private static List<InFlightMessage> messages(int first, int last) {
		List<InFlightMessage> messages = new ArrayList<>();
		for (int i = first; i <= last; i++) {
			messages.add(new InFlightMessage(new EntryId(i, 0), EntryFields.of(), 1, 0, 0));
		}
		return messages;
	}

	private List<Long> takeAll() {
		List<Long> taken = new ArrayList<>();
		for (WaitingMessages.Unit unit = this.waiting.take(); unit != null; unit = this.waiting.take()) {
			assertThat(unit.redelivered()).isEqualTo(unit.messages().get(0).id().millis() >= 100);
			taken.add(unit.messages().get(0).id().millis());
		}
		return taken;
	}

	@Test
	void redeliveredOnesAndFreshOnesTakeTurns() {
		this.waiting.add(messages(1, 4));
		this.waiting.addRedelivered(messages(101, 102));

		assertThat(takeAll()).containsExactly(101L, 1L, 102L, 2L, 3L, 4L);
		assertThat(this.waiting.size()).isZero();
	}

	@Test
	void redeliveredOnesDoNotWaitForFreshOnes() {
		this.waiting.addRedelivered(messages(101, 103));

		assertThat(takeAll()).containsExactly(101L, 102L, 103L);
	}

	@Test
	void oneTurnOfFreshOnesIsWhatRedeliveredOnesWaitFor() {
		this.waiting.add(messages(1, 3));
		assertThat(this.waiting.take()).isNotNull();

		this.waiting.addRedelivered(messages(101, 101));

		assertThat(takeAll()).containsExactly(101L, 2L, 3L);
	}

}
