package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * How much of a stream waits.
 *
 * @param length number of entries
 * @param bytes memory that the stream takes, about; {@value #UNKNOWN} where Redis does
 * not tell
 * @param deadLetters number of dead letters
 * @param groupCount number of its groups, those that were not asked for too;
 * {@value #UNKNOWN} when there is no such stream
 * @param first id of its first entry, {@code null} when it is empty
 * @param last id of its last entry, {@code null} when it is empty
 * @param groups what waits in each group
 */
public record StreamBacklog(long length, long bytes, long deadLetters, long groupCount, @Nullable EntryId first,
		@Nullable EntryId last, List<Group> groups) {

	/**
	 * For a number that the server does not tell.
	 */
	public static final long UNKNOWN = -1;

	/**
	 * Return the same for one group.
	 * @param group position of the group
	 * @return the stream with that group
	 */
	public StreamBacklog of(int group) {
		return new StreamBacklog(this.length, this.bytes, this.deadLetters, this.groupCount, this.first, this.last,
				List.of(this.groups.get(group)));
	}

	/**
	 * Return what waits in two streams together.
	 * @param other another stream, with as many groups
	 * @return numbers that are unknown of one are unknown of both
	 */
	public StreamBacklog plus(StreamBacklog other) {
		List<Group> both = new ArrayList<>();
		for (int i = 0; i < this.groups.size(); i++) {
			both.add(this.groups.get(i).plus(other.groups.get(i)));
		}
		return new StreamBacklog(this.length + other.length, sum(this.bytes, other.bytes),
				this.deadLetters + other.deadLetters, Math.max(this.groupCount, other.groupCount),
				earlier(this.first, other.first), later(this.last, other.last), both);
	}

	private static long sum(long one, long other) {
		return (one == UNKNOWN || other == UNKNOWN) ? UNKNOWN : one + other;
	}

	private static @Nullable EntryId earlier(@Nullable EntryId one, @Nullable EntryId other) {
		return either(one, other, BinaryOperator.minBy(Comparator.naturalOrder()));
	}

	private static @Nullable EntryId later(@Nullable EntryId one, @Nullable EntryId other) {
		return either(one, other, BinaryOperator.maxBy(Comparator.naturalOrder()));
	}

	private static @Nullable EntryId either(@Nullable EntryId one, @Nullable EntryId other,
			BinaryOperator<EntryId> ofBoth) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return ofBoth.apply(one, other);
	}

	/**
	 * Return whether there is such a stream.
	 * @return whether Redis has the key
	 */
	public boolean exists() {
		return this.groupCount != UNKNOWN;
	}

	/**
	 * What waits in a group.
	 *
	 * @param consumers number of its consumers; {@value #UNKNOWN} when there is no such
	 * group
	 * @param pending number of entries that were delivered and not acknowledged
	 * @param oldestPending the oldest of them
	 * @param lag number of entries that were not delivered; {@value #UNKNOWN} where Redis
	 * does not tell
	 * @param oldestUnread the oldest of them
	 */
	public record Group(long consumers, long pending, @Nullable EntryId oldestPending, long lag,
			@Nullable EntryId oldestUnread) {

		/**
		 * The consumers of a group in one stream mostly have counterparts in the other.
		 */
		Group plus(Group other) {
			return new Group(Math.max(this.consumers, other.consumers), this.pending + other.pending,
					earlier(this.oldestPending, other.oldestPending), sum(this.lag, other.lag),
					earlier(this.oldestUnread, other.oldestUnread));
		}

	}

}
