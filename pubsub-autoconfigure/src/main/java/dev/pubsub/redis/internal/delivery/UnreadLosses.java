package dev.pubsub.redis.internal.delivery;

import java.util.Optional;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamProgress;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries that were removed before a group had read them, by what two looks at the
 * stream tell. Rather misses some than tells of one that was read. Not thread-safe.
 * <p>
 * Servers differ in what they count as read: older ones what was delivered, so that all
 * that was ever lost stays missing; newer ones go on behind the gap. Which one it is
 * shows when fewer are missing than before. What older ones miss from before the first
 * look is known once the group has read all that there was.
 */
final class UnreadLosses {

	private @Nullable StreamProgress previous;

	/** Of the last look at which there was a gap. */
	private @Nullable StreamProgress gap;

	private long missing;

	/** Whether it is known what was missing before the first look. */
	private boolean settled;

	private boolean readsPastGaps;

	/**
	 * Compare a look with the one before.
	 * @param now how far it has come now, {@code null} when there is no stream or group
	 * @return what was lost since, empty if nothing that Redis tells
	 */
	Optional<Loss> look(@Nullable StreamProgress now) {
		if (now == null || isBehind(now)) {
			this.previous = null;
			this.gap = null;
			this.missing = 0;
			this.settled = false;
		}
		if (now == null) {
			return Optional.empty();
		}
		long count = now.mayHaveGap() ? count(now) : 0;
		if (now.isAllRead() && now.added() != StreamProgress.UNKNOWN && now.read() != StreamProgress.UNKNOWN) {
			this.missing = Math.max(0, now.added() - now.read());
			this.settled = true;
		}
		this.previous = now;
		return (count > 0) ? Optional.of(new Loss(now.delivered(), now.first(), count)) : Optional.empty();
	}

	/**
	 * Return whether it is another stream or group than before, or was set back.
	 */
	private boolean isBehind(StreamProgress now) {
		StreamProgress before = this.previous;
		return before != null && (now.last().compareTo(before.last()) < 0
				|| now.delivered().compareTo(before.delivered()) < 0 || now.added() < before.added());
	}

	private long count(StreamProgress now) {
		long removed = now.removed();
		if (removed == StreamProgress.UNKNOWN || now.read() == StreamProgress.UNKNOWN) {
			return hasLostTheLast(now) ? 1 : 0;
		}
		StreamProgress before = this.gap;
		long nowMissing = Math.max(0, removed - now.read());
		long missingBefore = this.missing;
		boolean sameDeletions = before != null && now.highestDeleted() != null
				&& now.highestDeleted().equals(before.highestDeleted());
		this.readsPastGaps |= nowMissing < missingBefore && sameDeletions;
		boolean mayBeOld = !this.settled && before == null && now.isLastDeliveredDeleted()
				&& !now.isLagWithoutRemoved();
		this.gap = now;
		this.missing = nowMissing;
		if (mayBeOld) {
			return 0;
		}
		if (this.readsPastGaps && before != null) {
			return removed - Math.max(now.read(), before.added() - before.length());
		}
		return nowMissing - missingBefore;
	}

	/**
	 * Return whether the entry that was the last one at the look before, or the last one
	 * of a stream that is empty now, is gone although it was not read.
	 */
	private boolean hasLostTheLast(StreamProgress now) {
		StreamProgress before = this.previous;
		EntryId first = now.first();
		if (before == null || before.last().compareTo(now.delivered()) <= 0) {
			return false;
		}
		boolean deleted = now.highestDeleted() != null && now.highestDeleted().compareTo(now.delivered()) > 0;
		boolean toldBefore = before.mayHaveGap() && before.first() == null && first == null;
		return !deleted && !toldBefore && (first == null || first.compareTo(before.last()) > 0);
	}

	/**
	 * Entries that are gone.
	 *
	 * @param after the last id that the group has read
	 * @param before the first id that is left, {@code null} if there is none
	 * @param atLeast how many there were, or fewer than that
	 */
	record Loss(EntryId after, @Nullable EntryId before, long atLeast) {

	}

}
