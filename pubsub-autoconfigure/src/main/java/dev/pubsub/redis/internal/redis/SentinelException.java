package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.PubSubException;

/**
 * Thrown when a Sentinel does not tell who the master is.
 */
final class SentinelException extends PubSubException {

	SentinelException(String address, Throwable cause) {
		super("The Sentinel at " + address + " does not tell who the master is", cause);
	}

}
