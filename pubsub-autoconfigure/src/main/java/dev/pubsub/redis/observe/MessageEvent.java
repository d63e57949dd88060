package dev.pubsub.redis.observe;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Something that happened to a message. A {@link StreamObserver} is told at once, on the
 * engine's threads. Listeners of application events are told of what was given up, on a
 * background thread that they may block.
 *
 * @param container id of the listener container
 * @param stream stream of the message
 * @param group consumer group
 * @param id id of the message
 * @param attempt number of the attempt, 0 where there was none
 * @param outcome what happened
 * @param duration how long the handler ran, told once, with the first outcome after it
 * returned; otherwise zero
 * @param error why it failed, if it did
 * @since 0.1.0
 */
public record MessageEvent(String container, String stream, String group, RecordId id, int attempt, Outcome outcome,
		Duration duration, @Nullable Throwable error) {

}
