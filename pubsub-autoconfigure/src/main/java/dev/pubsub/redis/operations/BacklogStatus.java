package dev.pubsub.redis.operations;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How much of a stream waits for a group, in all applications.
 *
 * @param lag entries that no consumer of the group has had yet; {@code null} where Redis
 * does not know
 * @param oldestUnread when the oldest of them was added, {@code null} when there is none
 * @param pending entries that were delivered and are not acknowledged
 * @param oldestPending when the oldest of them was added, {@code null} when there is none
 * @param consumers consumers of the group
 * @param streamLength entries of the stream, handled or not
 * @param streamBytes memory that the stream takes, {@code null} without the right to ask
 * @param deadLetters entries of the dead-letter stream
 * @since 0.1.0
 */
public record BacklogStatus(@Nullable Long lag, @Nullable Instant oldestUnread, long pending,
		@Nullable Instant oldestPending, long consumers, long streamLength, @Nullable Long streamBytes,
		long deadLetters) {

}
