package dev.pubsub.redis.listener;

import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;

/**
 * Handles several messages at once. Called on a worker thread with at least one message.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchStreamHandler {

	/**
	 * Handle messages.
	 * @param messages the messages with their raw entries as payload
	 * @param acknowledgments one per message, in the same order
	 * @throws BatchFailureException if some of the attempts failed: the others succeeded
	 * @throws Exception if all attempts failed
	 */
	void handle(List<StreamMessage<EntryFields>> messages, List<Acknowledgment> acknowledgments) throws Exception;

}
