package dev.pubsub.redis.listener;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;

/**
 * Is told of each attempt that failed here, before the message is redelivered or
 * dead-lettered. Not told of a message whose consumer died in its last attempt: for
 * whatever is dead-lettered, listen to {@link dev.pubsub.redis.observe.MessageEvent}.
 * Called on the worker thread; what it throws is logged and ignored.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StreamErrorHandler {

	/**
	 * An attempt failed.
	 * @param failure what failed, and what will become of the message
	 */
	void onError(FailedAttempt failure);

	/**
	 * A failed attempt.
	 *
	 * @param message the message with its raw entry as payload
	 * @param attempt number of the attempt, 1 for the first
	 * @param exception why it failed
	 * @param willRetry whether the message will be attempted again
	 * @param deadLettered whether the message goes to the dead-letter stream now
	 */
	record FailedAttempt(StreamMessage<EntryFields> message, int attempt, Throwable exception, boolean willRetry,
			boolean deadLettered) {

	}

}
