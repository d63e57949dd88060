package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown at startup when Redis cannot be reached and the application is not to wait for
 * it.
 */
class RedisUnavailableException extends PubSubException {

	private final String cure;

	RedisUnavailableException(String reason, String cure, @Nullable Throwable cause) {
		super(reason, cause);
		this.cure = cure;
	}

	String cure() {
		return this.cure;
	}

}
