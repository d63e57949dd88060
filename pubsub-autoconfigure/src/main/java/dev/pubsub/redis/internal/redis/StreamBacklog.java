package dev.pubsub.redis.internal.redis;

import java.util.List;

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

	}

}
