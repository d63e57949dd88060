package dev.pubsub.redis.annotation;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Subscription;

/**
 * A method that handles messages, one by one or in batches.
 */
interface MethodHandler {

	/**
	 * Return a subscription that calls the method.
	 * @param stream key of the stream
	 * @param group consumer group
	 * @return the subscription, with defaults for everything else
	 */
	Subscription subscription(String stream, String group);

	/**
	 * Make the arguments for a message, without calling the method.
	 * @param message the message
	 * @throws Exception if they cannot be made
	 */
	void rehearse(StreamMessage<EntryFields> message) throws Exception;

	/**
	 * Return whether the method can settle messages itself.
	 * @return whether it takes an acknowledgment
	 */
	boolean takesAcknowledgment();

}
