package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.PubSubException;

/**
 * Thrown at startup when Spring Boot is too old.
 */
class UnsupportedSpringBootException extends PubSubException {

	UnsupportedSpringBootException(String version) {
		super("Messaging on Redis Streams (pubsub) needs Spring Boot 4.0 or later, and this is " + version + ".");
	}

}
