package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.PubSubException;

/**
 * A reply has a value that is too large for this process. Its connection was closed
 * before the rest of it arrived.
 */
public final class OversizedValueException extends PubSubException {

	OversizedValueException(long most) {
		super("Redis sends a value of more than " + most + " bytes, an eighth of the heap");
	}

}
