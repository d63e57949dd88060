package dev.pubsub.redis.internal.delivery;

import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupPosition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GroupProgressTests {

	private final GroupProgress progress = new GroupProgress();

	private final InFlightMessages one = new InFlightMessages();

	private final InFlightMessages other = new InFlightMessages();

	private GroupProgress.Part part;

	private GroupProgress.Part otherPart;

	@BeforeEach
	void addConsumers() {
		this.part = this.progress.add(this.one);
		this.otherPart = this.progress.add(this.other);
	}

	private static GroupPosition at(long millis, long generation) {
		return new GroupPosition(new EntryId(millis, 0), false, generation, new EntryId(millis, 0));
	}

	private static InFlightMessage add(InFlightMessages inFlight, long millis) {
		InFlightMessage message = new InFlightMessage(new EntryId(millis, 0), EntryFields.of(), 1, 0, 0);
		inFlight.add(message);
		inFlight.read(message.id());
		return message;
	}

	@Test
	void knowsNothingToBeSettledBeforeTheFirstMessage() {
		assertThat(this.progress.settledUpTo()).isEqualTo(EntryId.ZERO);
	}

	@Test
	void isWhereTheGroupBeganBeforeTheFirstMessage() {
		this.progress.startAfter(new EntryId(7, 1));

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(7, 1));
	}

	@Test
	void isTheHighestOfAllConsumersWhenNothingIsInFlight() {
		this.one.remove(add(this.one, 5));
		this.other.remove(add(this.other, 3));

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(5, 0));
	}

	@Test
	void isBeforeTheLowestThatIsInFlightWithAnyConsumer() {
		this.one.remove(add(this.one, 5));
		add(this.other, 3);

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(3, 0).previous());
	}

	@Test
	void isBeforeTheLowestThatWasLeftToItsLease() {
		this.one.remove(add(this.one, 5));
		this.other.leave(add(this.other, 4));
		this.other.leave(new EntryId(2, 7), 1);

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(2, 6));
	}

	@Test
	void countsNothingAsSettledThatTheGroupDeliversAgain() {
		this.one.remove(add(this.one, 5));
		this.other.remove(add(this.other, 3));

		this.part.isAt(at(2, 0));

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(2, 0));
	}

	@Test
	void learnsNothingFromAGroupThatIsFurther() {
		this.one.remove(add(this.one, 5));

		this.part.isAt(at(9, 0));

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(5, 0));
	}

	@Test
	void trustsNoConsumerThatDoesNotKnowThatTheGroupBeganAgain() {
		this.one.remove(add(this.one, 5));
		this.part.isAt(at(2, 1));
		this.one.remove(add(this.one, 3));
		this.other.remove(add(this.other, 9));

		assertThat(this.otherPart.isBehind()).isTrue();
		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(3, 0));

		this.otherPart.isAt(at(7, 1));
		assertThat(this.otherPart.isBehind()).isFalse();
		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(7, 0));
	}

	@Test
	void countsNothingAsSettledThatTheGroupDeliveredAgainWithoutItsKnowledge() {
		this.one.remove(add(this.one, 5));

		this.part.isAt(new GroupPosition(new EntryId(9, 0), false, 2, new EntryId(4, 0)));

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(4, 0));
	}

	@Test
	void forgetsNothingThatWasLeftHoweverMuch() {
		for (int i = 1; i <= 20_000; i++) {
			this.one.leave(add(this.one, i));
		}

		assertThat(this.progress.settledUpTo()).isEqualTo(new EntryId(1, 0).previous());
	}

	@Test
	void movesNoGroupBackForWhatIsSettled() {
		this.one.remove(add(this.one, 5));
		assertThat(this.progress.settledBefore()).isGreaterThan(new EntryId(1L << 60, 0));

		add(this.other, 3);

		assertThat(this.progress.settledBefore()).isEqualTo(new EntryId(3, 0).previous());
	}

}
