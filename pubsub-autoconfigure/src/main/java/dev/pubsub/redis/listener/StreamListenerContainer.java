package dev.pubsub.redis.listener;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Reads the stream of one subscription and has its messages handled, from
 * {@link #start()} to {@link #stop()}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface StreamListenerContainer extends SmartLifecycle {

	/**
	 * Return the name of the container in the registry.
	 * @return the id of its subscription
	 */
	String getId();

	/**
	 * Return what it does.
	 * @return the subscription
	 */
	Subscription getSubscription();

	/**
	 * Return its state.
	 * @return the state
	 */
	ContainerState getState();

	/**
	 * Return when Redis last answered a read of each of its reader loops.
	 * @return the oldest of these times, or {@code null} before the first
	 */
	@Nullable Instant getLastPoll();

	/**
	 * Stop reading until {@link #resume()}. Handlers that run go on, and so do their
	 * leases. Ignored unless it is running.
	 */
	void pause();

	/**
	 * Read again. Ignored unless it is paused.
	 */
	void resume();

}
