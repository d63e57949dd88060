package dev.pubsub.redis.operations;

import java.time.Duration;

/**
 * A consumer of a group.
 *
 * @param name its name
 * @param pending number of entries that were delivered to it and are not acknowledged
 * @param idle time since it last asked for something
 * @since 0.1.0
 */
public record ConsumerStatus(String name, long pending, Duration idle) {

}
