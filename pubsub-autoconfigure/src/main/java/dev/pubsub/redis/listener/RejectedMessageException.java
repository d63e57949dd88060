package dev.pubsub.redis.listener;

import dev.pubsub.redis.PubSubException;

/**
 * Stands for a handler's own decision that an attempt failed, where it threw nothing.
 *
 * @since 0.1.0
 */
public class RejectedMessageException extends PubSubException {

	public RejectedMessageException(String message) {
		super(message);
	}

	/**
	 * A decision has a reason, and no place in the code that would tell more.
	 */
	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
