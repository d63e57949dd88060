package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * How far a stream and one of its groups have come.
 *
 * @param last the last id that was added
 * @param first id of the first entry, or {@code null} when there is none
 * @param length how many entries there are
 * @param delivered the last id that was delivered to the group
 * @param added how many entries were ever added, {@value #UNKNOWN} before Redis 7
 * @param highestDeleted the highest id that was deleted, or {@code null} before Redis 7
 * @param read how many entries the group has come past, as Redis counts them,
 * {@value #UNKNOWN} where it does not know
 * @param lag how many entries the group has still to come past, as Redis counts them,
 * {@value #UNKNOWN} where it does not know
 */
public record StreamProgress(EntryId last, @Nullable EntryId first, long length, EntryId delivered, long added,
		@Nullable EntryId highestDeleted, long read, long lag) {

	/**
	 * For a number that the server does not tell.
	 */
	public static final long UNKNOWN = -1;

	static @Nullable StreamProgress of(Reply reply) {
		if (reply.isNull()) {
			return null;
		}
		return new StreamProgress(reply.get(0).id(), id(reply.get(1)), reply.get(2).number(), reply.get(3).id(),
				number(reply.get(4)), id(reply.get(5)), number(reply.get(6)), number(reply.get(7)));
	}

	private static @Nullable EntryId id(Reply reply) {
		return reply.text().isEmpty() ? null : reply.id();
	}

	private static long number(Reply reply) {
		return reply.text().isEmpty() ? UNKNOWN : reply.number();
	}

	/**
	 * Return whether there were entries that the group has not read, and the first of
	 * them may be gone: the oldest that is left comes after the last delivered one.
	 * @return whether entries may be missing in between
	 */
	public boolean mayHaveGap() {
		return this.last.compareTo(this.delivered) > 0
				&& (this.first == null || this.first.compareTo(this.delivered) > 0);
	}

	/**
	 * Return whether the group has read up to the last entry.
	 * @return whether nothing is left to read
	 */
	public boolean isAllRead() {
		return this.last.equals(this.delivered);
	}

	/**
	 * Return whether entries are deleted by id as they are handled: the last delivered
	 * one was. Then nothing that is left comes before what was not read.
	 * @return whether the last delivered entry was deleted
	 */
	public boolean isLastDeliveredDeleted() {
		return this.delivered.equals(this.highestDeleted);
	}

	/**
	 * Return whether the server leaves out of the lag what was removed unread, and so
	 * goes on counting behind it.
	 * @return whether it surely does
	 */
	public boolean isLagWithoutRemoved() {
		return this.lag != UNKNOWN && this.added != UNKNOWN && this.read != UNKNOWN
				&& this.lag < this.added - this.read;
	}

	/**
	 * Return how many of the entries that were ever added are not there any more.
	 * @return the number, or {@value #UNKNOWN}
	 */
	public long removed() {
		boolean deletedUnread = this.highestDeleted != null && this.highestDeleted.compareTo(this.delivered) > 0;
		return (this.added == UNKNOWN || deletedUnread) ? UNKNOWN : this.added - this.length;
	}

}
