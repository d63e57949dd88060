package dev.pubsub.redis.listener;

import java.time.Duration;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown for a handler that was still running at its deadline: it was interrupted, and
 * the attempt failed.
 *
 * @since 0.1.0
 */
public class HandlerTimeoutException extends PubSubException {

	private final Duration timeout;

	public HandlerTimeoutException(Duration timeout, @Nullable Throwable cause) {
		super("Handler was still running after " + timeout, cause);
		this.timeout = timeout;
	}

	public Duration getTimeout() {
		return this.timeout;
	}

}
