package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
		assertThat(this.inFlight.knows(message.id(), message.attempt())).isTrue();
		assertThat(this.inFlight.knows(message.id(), message.attempt() + 1)).isFalse();
		this.inFlight.remove(add(3));

		assertThat(this.inFlight.knows(message.id(), message.attempt())).isFalse();
	}

	/**
	 * Its group may be lost before it is fetched.
	 */
	@Test
	void answersForWhatAReadLeftOutUntilItIsFetched() {
		this.inFlight.leave(new EntryId(3, 0), 0);

		assertThat(this.inFlight.knows(new EntryId(3, 0), 1)).isFalse();
		assertThat(this.inFlight.settledUpTo(new EntryId(9, 0))).isEqualTo(new EntryId(3, 0).previous());
		this.inFlight.remove(add(3));
		assertThat(this.inFlight.settledUpTo(new EntryId(9, 0))).isEqualTo(new EntryId(9, 0));
	}

	@Test
	void remembersTheLowestThatLostRepliesMayHaveBroughtUntilItIsFound() {
		this.inFlight.missed(new EntryId(5, 0));
		InFlightMessages.Missed first = this.inFlight.missed();
		this.inFlight.missed(new EntryId(7, 0));
		this.inFlight.found(first);
		assertThat(this.inFlight.missed()).isNotNull();
		assertThat(this.inFlight.missed().after()).isEqualTo(new EntryId(5, 0));

		this.inFlight.found(this.inFlight.missed());
		assertThat(this.inFlight.missed()).isNull();
	}

	@Test
	void countsThoseThatRest() {
		for (int i = 1; i < InFlightMessages.MOST_RESTING; i++) {
			this.inFlight.leave(add(i));
		}
		assertThat(this.inFlight.resting()).isEqualTo(InFlightMessages.MOST_RESTING - 1);
		InFlightMessage last = add(InFlightMessages.MOST_RESTING);
		this.inFlight.move(last, Stage.QUEUED, Stage.SETTLING);
		this.inFlight.move(last, Stage.SETTLING, Stage.WAITING);
		assertThat(this.inFlight.resting()).isEqualTo(InFlightMessages.MOST_RESTING);

		this.inFlight.remove(last);
		assertThat(this.inFlight.resting()).isEqualTo(InFlightMessages.MOST_RESTING - 1);
	}

	@Test
	void countsWhatRestsOnceWhenItComesAgain() {
		this.inFlight.leave(add(3));
		assertThat(this.inFlight.resting()).isOne();

		InFlightMessage again = add(3);

		assertThat(this.inFlight.resting()).isZero();
		assertThat(this.inFlight.isAnyLeft()).isFalse();
		assertThat(this.inFlight.get(again.id())).isSameAs(again);
	}

	@ParameterizedTest
	@EnumSource
	void movesOnlyWhereThatIsLegal(Stage from) {
		for (Stage to : Stage.values()) {
			InFlightMessage message = message(3);
			if (from.mayBecome(to)) {
				assertThat(message.advance(from, to)).isEqualTo(from == Stage.QUEUED);
			}
			else {
				assertThatIllegalArgumentException().isThrownBy(() -> message.advance(from, to));
			}
		}
	}

	@Test
	void nothingComesAfterTheEnd() {
		InFlightMessage message = add(3);
		this.inFlight.remove(message);

		assertThat(message.stage()).isEqualTo(Stage.GONE);
		assertThat(this.inFlight.move(message, Stage.QUEUED, Stage.RUNNING)).isFalse();
		this.inFlight.leave(message);
		assertThat(this.inFlight.resting()).isZero();
	}

	@Test
	void countsAnUndecidedMessageUntilItIsDecidedOrGoesAnotherWay() {
		for (long millis = 1; millis <= 3; millis++) {
			InFlightMessage message = add(millis);
			this.inFlight.move(message, Stage.QUEUED, Stage.SETTLING);
			this.inFlight.move(message, Stage.SETTLING, Stage.UNDECIDED);
		}
		assertThat(this.inFlight.undecided()).isEqualTo(3);

		this.inFlight.remove(this.inFlight.get(new EntryId(1, 0)));
		this.inFlight.leave(this.inFlight.get(new EntryId(2, 0)));
		this.inFlight.move(this.inFlight.get(new EntryId(3, 0)), Stage.UNDECIDED, Stage.SETTLING);

		assertThat(this.inFlight.undecided()).isZero();
	}

	/**
	 * What has its key must not start beside the handler.
	 */
	@Test
	void endsWithTheStuckHandlerWhatWasPutInThePlaceOfItsMessage() {
		List<EntryId> ended = new ArrayList<>();
		InFlightMessages table = new InFlightMessages(ended::add);
		InFlightMessage stuck = stuck(table);
		InFlightMessage settled = message(3);

		table.replace(settled);
		table.move(settled, Stage.QUEUED, Stage.SETTLING);
		table.remove(settled);

		assertThat(ended).isEmpty();
		assertThat(stuck.stage()).isEqualTo(Stage.GONE);
	}

	@Test
	void endsAtOnceWhatWasPutInThePlaceOfAMessageWhoseHandlerReturned() {
		List<EntryId> ended = new ArrayList<>();
		InFlightMessages table = new InFlightMessages(ended::add);
		HandlerRun run = Objects.requireNonNull(stuck(table).run());
		InFlightMessage settled = message(3);

		table.replace(settled);
		run.end();
		table.remove(settled);

		assertThat(ended).containsExactly(settled.id());
	}

	@Test
	void endsWithItsHandlerWhatWasGivenUpMeanwhile() {
		List<EntryId> ended = new ArrayList<>();
		InFlightMessages table = new InFlightMessages(ended::add);
		InFlightMessage stuck = stuck(table);

		table.givenUp(stuck.id());
		assertThat(ended).isEmpty();
		table.leave(stuck);

		assertThat(ended).containsExactly(stuck.id());
		assertThat(table.size()).isZero();
	}

	private static InFlightMessage stuck(InFlightMessages table) {
		InFlightMessage message = message(3);
		table.add(message);
		message.setRun(new HandlerRun(List.of(message), 0));
		table.move(message, Stage.QUEUED, Stage.RUNNING);
		table.move(message, Stage.RUNNING, Stage.TIMED_OUT);
		table.move(message, Stage.TIMED_OUT, Stage.STUCK);
		return message;
	}

}
