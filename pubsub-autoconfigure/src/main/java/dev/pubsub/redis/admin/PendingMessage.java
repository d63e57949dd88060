package dev.pubsub.redis.admin;

import java.time.Duration;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A pending entry.
 *
 * @param id id of the entry
 * @param consumer who it was delivered to
 * @param idle time since it was delivered or its lease was renewed
 * @param deliveries how often it was delivered
 * @since 0.1.0
 */
public record PendingMessage(RecordId id, String consumer, Duration idle, long deliveries) {

}
