package dev.pubsub.redis;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedRuntimeException;

/**
 * Root of the exceptions that this library throws.
 *
 * @since 0.1.0
 */
public abstract class PubSubException extends NestedRuntimeException {

	protected PubSubException(String message) {
		super(message);
	}

	protected PubSubException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
