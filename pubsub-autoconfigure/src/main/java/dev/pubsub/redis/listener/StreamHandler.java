package dev.pubsub.redis.listener;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;

/**
 * Handles one message at a time. Called on a worker thread; returning normally means
 * success, throwing means that the attempt failed.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StreamHandler {

	/**
	 * Handle a message.
	 * @param message the message with its raw entry as payload
	 * @param acknowledgment settles the message where the handler wants to decide itself
	 * @throws PayloadConversionException if the message cannot be read: it is
	 * dead-lettered without another attempt
	 * @throws Exception if the attempt failed
	 */
	void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) throws Exception;

}
