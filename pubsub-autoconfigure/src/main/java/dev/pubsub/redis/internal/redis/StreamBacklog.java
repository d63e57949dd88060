package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How much of a stream waits.
 *
 * @param length number of entries
 * @param bytes memory that the stream takes, about; {@value #UNKNOWN} where Redis does
 * not tell
 * @param deadLetters number of dead letters
 * @param groups what waits in each group
 */
public record StreamBacklog(long length, long bytes, long deadLetters, List<Group> groups) {

	/**
	 * For a number that the server does not tell.
	 */
	public static final long UNKNOWN = -1;

	private static final int FIRST_GROUP = 3;

	private static final int GROUP_SIZE = 5;

	static StreamBacklog of(Reply reply) {
		List<Group> groups = new ArrayList<>();
		int size = reply.list().size();
		for (int i = FIRST_GROUP; i + GROUP_SIZE <= size; i += GROUP_SIZE) {
			groups.add(new Group(number(reply.get(i)), reply.get(i + 1).number(), id(reply.get(i + 2)),
					number(reply.get(i + 3)), id(reply.get(i + 4))));
		}
		return new StreamBacklog(reply.get(0).number(), number(reply.get(1)), reply.get(2).number(), groups);
	}

	private static long number(Reply reply) {
		return reply.text().isEmpty() ? UNKNOWN : reply.number();
	}

	private static @Nullable EntryId id(Reply reply) {
		return reply.text().isEmpty() ? null : reply.id();
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
