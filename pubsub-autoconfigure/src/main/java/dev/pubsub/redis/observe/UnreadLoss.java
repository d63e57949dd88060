package dev.pubsub.redis.observe;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Entries that were removed from a stream, by trimming for example, before a group had
 * read them. Each application that subscribes the stream in the group finds that out by
 * itself.
 *
 * @param container id of the listener container
 * @param stream stream of the entries
 * @param group consumer group
 * @param after the last id that the group had read
 * @param before the first id that was left, {@code null} if there was none
 * @param atLeast how many entries; 1 where Redis does not tell
 * @since 0.1.0
 */
public record UnreadLoss(String container, String stream, String group, RecordId after, @Nullable RecordId before,
		long atLeast) {

}
