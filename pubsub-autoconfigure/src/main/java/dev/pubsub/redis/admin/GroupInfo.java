package dev.pubsub.redis.admin;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * State of a consumer group.
 *
 * @param name name of the group
 * @param consumers number of consumers
 * @param pending number of entries that were delivered and not acknowledged
 * @param lastDeliveredId id of the entry that was delivered last
 * @param lag number of entries not delivered yet, as Redis 7 and later estimate it;
 * {@code null} where it is unknown
 * @since 0.1.0
 */
public record GroupInfo(String name, long consumers, long pending, RecordId lastDeliveredId, @Nullable Long lag) {

}
