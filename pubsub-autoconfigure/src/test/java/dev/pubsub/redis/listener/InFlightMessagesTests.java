package dev.pubsub.redis.listener;

import java.util.List;

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
	void knowsNothingToBeSettledBeforeItsFirstMessage() {
		assertThat(this.inFlight.settledUpTo(List.of())).isEqualTo(EntryId.ZERO);
	}

	@Test
	void isSettledUpToTheHighestWhenNothingIsInFlight() {
		this.inFlight.remove(add(5));
		this.inFlight.remove(add(3));

		assertThat(this.inFlight.settledUpTo(List.of())).isEqualTo(new EntryId(5, 0));
	}

	@Test
	void isSettledUpToBeforeTheLowestThatIsNot() {
		add(3);
		this.inFlight.remove(add(5));

		assertThat(this.inFlight.settledUpTo(List.of())).isEqualTo(new EntryId(3, 0).previous());
		assertThat(this.inFlight.settledUpTo(List.of(new EntryId(2, 7)))).isEqualTo(new EntryId(2, 6));
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

}
