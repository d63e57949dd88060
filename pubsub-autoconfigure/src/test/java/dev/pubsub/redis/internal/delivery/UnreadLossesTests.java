package dev.pubsub.redis.internal.delivery;

import dev.pubsub.redis.internal.delivery.UnreadLosses.Loss;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamProgress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The entries of these streams are 1-0, 2-0, 3-0 and so on.
 */
class UnreadLossesTests {

	private static final long UNKNOWN = StreamProgress.UNKNOWN;

	private final UnreadLosses losses = new UnreadLosses();

	@Test
	void findsNothingWhereAllIsReadOrStillThere() {
		assertThat(look(10, 1, 0, 0)).isZero();
		assertThat(look(10, 1, 3, 3)).isZero();
		assertThat(look(10, 4, 3, 3)).isZero();
		assertThat(look(10, 0, 10, 10)).isZero();
		assertThat(look(13, 11, 10, 10)).isZero();
	}

	@Test
	void countsWhatWasTrimmedWhileNobodyRead() {
		assertThat(this.losses.look(progress(10, 9, 3, 3))).contains(new Loss(id(3), id(9), 5));
		assertThat(look(10, 9, 3, 3)).as("told").isZero();
		assertThat(look(20, 19, 3, 3)).isEqualTo(10);
		assertThat(this.losses.look(progress(20, 0, 3, 3))).contains(new Loss(id(3), null, 2));
	}

	@Test
	void countsEachLossOnceWhereTheServerCountsDeliveries() {
		assertThat(look(10, 9, 3, 3)).isEqualTo(5);
		assertThat(look(13, 12, 9, 4)).as("10 and 11").isEqualTo(2);
		assertThat(look(16, 14, 13, 6)).isZero();
		assertThat(look(116, 0, 116, 109)).isZero();
		assertThat(look(120, 117, 116, 109)).isZero();
		assertThat(look(120, 119, 116, 109)).isEqualTo(2);
	}

	@Test
	void countsEachLossOnceWhereTheServerGoesOnBehindGaps() {
		assertThat(look(10, 9, 3, 3)).isEqualTo(5);
		assertThat(look(13, 12, 9, 9)).as("10 and 11").isEqualTo(2);
		assertThat(look(16, 14, 13, 13)).isZero();
		assertThat(look(120, 119, 113, 113)).isEqualTo(5);
		assertThat(look(121, 121, 119, 119)).isEqualTo(1);
	}

	@Test
	void doesNotTellAgainOfWhatWasLostBeforeTheStart() {
		assertThat(withDeletion(11, 10, 9, 6, 5)).as("3 were lost once, as the server counts deliveries").isZero();
		assertThat(withDeletion(20, 19, 9, 6, 14)).as("10 to 18").isEqualTo(9);
	}

	@Test
	void doesNotTellAgainOfWhatWasLostBeforeTheGroupHadReadAll() {
		assertThat(look(10, 5, 10, 7)).isZero();
		assertThat(look(13, 11, 10, 7)).as("3 were lost once").isZero();
		assertThat(look(13, 12, 10, 7)).as("11").isOne();
	}

	@Test
	void tellsAtTheStartWhereHandledEntriesAreDeletedAndTheServerGoesOnBehindGaps() {
		assertThat(withDeletion(20, 19, 13, 13, 2)).as("14 to 18").isEqualTo(5);
	}

	@Test
	void doesNotCountWhatWasDeletedById() {
		StreamProgress deleted = new StreamProgress(id(16), id(14), 2, id(13), 16, id(15), 13, UNKNOWN);

		assertThat(this.losses.look(deleted)).isEmpty();
	}

	@Test
	void findsNothingForANewGroupOfATrimmedStream() {
		assertThat(look(100, 91, 0, UNKNOWN)).isZero();
		assertThat(look(100, 91, 100, UNKNOWN)).isZero();
		assertThat(look(101, 92, 100, UNKNOWN)).isZero();
	}

	@Test
	void startsAnewWhenGroupOrStreamIsAnotherOne() {
		assertThat(look(10, 9, 3, 3)).isEqualTo(5);
		assertThat(this.losses.look(null)).isEmpty();
		assertThat(look(10, 9, 0, UNKNOWN)).isZero();
		assertThat(look(2, 1, 0, UNKNOWN)).as("another stream").isZero();
		assertThat(look(9, 8, 1, UNKNOWN)).as("2").isOne();
	}

	@Test
	void noticesWithoutCountsThatTheLastEntryWasRemovedUnread() {
		assertThat(old(10, 1, 3)).isZero();
		assertThat(old(12, 9, 3)).as("10 is still there").isZero();
		assertThat(old(20, 13, 3)).isOne();
		assertThat(old(20, 13, 20)).isZero();
		assertThat(old(22, 21, 20)).isZero();
		assertThat(old(22, 0, 20)).isOne();
		assertThat(old(22, 0, 20)).as("told").isZero();
	}

	private long look(long last, long first, long delivered, long read) {
		return count(progress(last, first, delivered, read));
	}

	/**
	 * Look at a stream of which entries are deleted by id as soon as they are handled.
	 */
	private long withDeletion(long last, long first, long delivered, long read, long lag) {
		return count(new StreamProgress(id(last), id(first), last - first + 1, id(delivered), last, id(delivered), read,
				lag));
	}

	private long old(long last, long first, long delivered) {
		return count(new StreamProgress(id(last), (first != 0) ? id(first) : null, 0, id(delivered), UNKNOWN, null,
				UNKNOWN, UNKNOWN));
	}

	private long count(StreamProgress progress) {
		return this.losses.look(progress).map(Loss::atLeast).orElse(0L);
	}

	/**
	 * Return the progress of a stream from which entries were trimmed.
	 * @param first number of the first entry that is left, 0 for none
	 */
	private static StreamProgress progress(long last, long first, long delivered, long read) {
		@Nullable EntryId firstId = (first != 0) ? id(first) : null;
		long length = (first != 0) ? last - first + 1 : 0;
		return new StreamProgress(id(last), firstId, length, id(delivered), last, EntryId.ZERO, read, UNKNOWN);
	}

	private static EntryId id(long number) {
		return new EntryId(number, 0);
	}

}
