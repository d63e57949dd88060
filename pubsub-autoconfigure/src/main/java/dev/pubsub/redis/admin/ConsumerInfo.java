package dev.pubsub.redis.admin;

import java.time.Duration;

/**
 * State of a consumer.
 *
 * @param name name of the consumer
 * @param pending number of entries that were delivered to it and not acknowledged
 * @param idle time since it last asked for something
 * @since 0.1.0
 */
public record ConsumerInfo(String name, long pending, Duration idle) {

}
