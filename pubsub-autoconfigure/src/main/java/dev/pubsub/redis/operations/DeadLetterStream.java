package dev.pubsub.redis.operations;

/**
 * A stream of dead letters.
 *
 * @param name its name
 * @param length number of dead letters in it
 * @since 0.1.0
 */
public record DeadLetterStream(String name, long length) {

}
