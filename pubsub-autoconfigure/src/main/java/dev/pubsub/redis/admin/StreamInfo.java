package dev.pubsub.redis.admin;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * State of a stream.
 *
 * @param length number of entries
 * @param groups number of consumer groups
 * @param lastGeneratedId highest id it ever had
 * @param firstId id of the first entry, {@code null} when it is empty
 * @param lastId id of the last entry, {@code null} when it is empty
 * @since 0.1.0
 */
public record StreamInfo(long length, long groups, RecordId lastGeneratedId, @Nullable RecordId firstId,
		@Nullable RecordId lastId) {

}
