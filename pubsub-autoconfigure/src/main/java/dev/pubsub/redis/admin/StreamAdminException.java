package dev.pubsub.redis.admin;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when Redis refused an administrative command or did not answer, and when a
 * cluster could not execute it. Without an answer it may have been executed.
 *
 * @since 0.1.0
 */
public class StreamAdminException extends PubSubException {

	public StreamAdminException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
