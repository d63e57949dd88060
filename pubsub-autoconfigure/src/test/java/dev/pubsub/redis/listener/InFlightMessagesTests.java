package dev.pubsub.redis.listener;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InFlightMessagesTests {

	private final InFlightMessages inFlight = new InFlightMessages();

	private static InFlightMessage message(long millis) {
		return new InFlightMessage(new EntryId(millis, 0), EntryFields.of(), 1, 0, 0);
	}

	private InFlightMessage add(long millis) {
		InFlightMessage message = message(millis);
		assertThat(this.inFlight.add(message)).isNull();
		return message;
	}

	@Test
	void keepsTheFirstOfTwoDeliveriesOfTheSameEntry() {
		InFlightMessage first = add(3);

		assertThat(this.inFlight.add(message(3))).isSameAs(first);
		assertThat(this.inFlight.remove(message(3))).isFalse();
		assertThat(this.inFlight.remove(first)).isTrue();
	}

	@Test
	void remembersWhatItLeftToItsLeaseUntilItComesAgain() {
		InFlightMessage message = add(3);

		this.inFlight.leave(message);
		assertThat(this.inFlight.contains(message.id())).isFalse();
		assertThat(this.inFlight.knows(message.id(), message.attempt())).isTrue();
		assertThat(this.inFlight.knows(message.id(), message.attempt() + 1)).isFalse();
		this.inFlight.remove(add(3));

		assertThat(this.inFlight.knows(message.id(), message.attempt())).isFalse();
	}

	@Test
	void mistakesNothingForUnseenOnceItLeftTooManyToRemember() {
		for (int i = 1; i <= 10_001; i++) {
			this.inFlight.leave(add(i));
		}

		assertThat(this.inFlight.knows(new EntryId(10_001, 0), 1)).isTrue();
		assertThat(this.inFlight.knows(new EntryId(10_002, 0), 1)).isFalse();
	}

}
