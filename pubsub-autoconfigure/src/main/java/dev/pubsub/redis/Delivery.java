package dev.pubsub.redis;

import java.time.Duration;

/**
 * How a message reached its handler.
 *
 * @param group consumer group it was delivered to
 * @param consumer name of the consumer in that group
 * @param attempt number of this attempt, 1 for the first
 * @param idle how long the message had been waiting since its previous delivery; zero for
 * the first
 * @since 0.1.0
 */
public record Delivery(String group, String consumer, int attempt, Duration idle) {

}
