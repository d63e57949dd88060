package dev.pubsub.redis.listener;

import java.time.Duration;

/**
 * Settles a message from its handler, or from any thread that the handler gave it to. The
 * first settlement counts; later ones are ignored.
 *
 * @since 0.1.0
 */
public interface Acknowledgment {

	/**
	 * The message is done: acknowledge it, whatever the handler does afterwards.
	 */
	void acknowledge();

	/**
	 * The attempt failed: redeliver the message after the subscription's back-off.
	 */
	void retry();

	/**
	 * The attempt failed: redeliver the message after the given delay.
	 * @param delay time until the next attempt, zero or more
	 */
	void retry(Duration delay);

	/**
	 * The message is hopeless: move it to the dead-letter stream now.
	 * @param reason why, written into the dead letter
	 */
	void reject(String reason);

	/**
	 * Give the handler more time: its deadline moves to the given time from now. A
	 * handler of a batch has one deadline, which any of its acknowledgments moves.
	 * @param duration new time until the deadline, greater than zero
	 */
	void extend(Duration duration);

}
