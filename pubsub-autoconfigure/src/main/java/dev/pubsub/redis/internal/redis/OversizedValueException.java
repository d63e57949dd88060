package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.PubSubException;

/**
 * A reply has a value that is too large for this process. Its connection was closed
 * before the rest of it arrived.
 */
public final class OversizedValueException extends PubSubException {

	/**
	 * Return whether a command failed since its reply had such a value.
	 * @param failure what its future completed with
	 * @return whether that is among the causes
	 */
	public static boolean isCauseOf(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof OversizedValueException) {
				return true;
			}
		}
		return false;
	}

	OversizedValueException(long most) {
		super("Redis sends a value of more than " + most + " bytes, an eighth of the heap");
	}

}
