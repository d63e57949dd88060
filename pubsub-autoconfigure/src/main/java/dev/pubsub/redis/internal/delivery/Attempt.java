package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to handle a message, as the handler's side sees it. Thread-safe.
 */
public interface Attempt {

	StreamMessage<EntryFields> message();

	/**
	 * Return the number of the attempt, 1 for the first.
	 */
	int number();

	/**
	 * Return whether the entry was deleted meanwhile, so that it cannot come again.
	 */
	boolean isEntryDeleted();

	/**
	 * Return the first decision of the handler, {@code null} before.
	 */
	@Nullable Decision decision();

	/**
	 * Decide about the message, unless that was done before. It is acknowledged at once;
	 * everything else is done when the handler has returned, so that two attempts never
	 * overlap.
	 */
	void decide(Decision decision);

	/**
	 * Move the deadline of the call.
	 * @param duration time from now on
	 */
	void extend(Duration duration);

}
