package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.PubSubException;

/**
 * Thrown at startup when the application's Redis connection cannot serve streams.
 */
class UnsuitableConnectionFactoryException extends PubSubException {

	private final String action;

	UnsuitableConnectionFactoryException(String reason, String action) {
		super(reason);
		this.action = action;
	}

	String getAction() {
		return this.action;
	}

}
