package dev.pubsub.redis.operations;

import java.time.Duration;

/**
 * An entry that was delivered and is not acknowledged.
 *
 * @param id its id
 * @param consumer the consumer that has it
 * @param idle time since it was delivered or its lease was renewed; a message that waits
 * for its next attempt has a longer one
 * @param deliveries how often it was delivered
 * @since 0.1.0
 */
public record PendingStatus(String id, String consumer, Duration idle, long deliveries) {

}
