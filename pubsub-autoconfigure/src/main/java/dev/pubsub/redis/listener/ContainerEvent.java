package dev.pubsub.redis.listener;

import org.jspecify.annotations.Nullable;

/**
 * A container changed its state. The application's listeners are told on a background
 * thread, in the order of the changes and of the {@code MessageEvent}s of the container;
 * they may block, and may start, stop or pause containers.
 *
 * @param container id of the container
 * @param state its new state
 * @param cause why it failed, if it did
 * @since 0.1.0
 */
public record ContainerEvent(String container, ContainerState state, @Nullable Throwable cause) {

}
