package dev.pubsub.redis.listener;

/**
 * When a message is acknowledged.
 *
 * @since 0.1.0
 */
public enum AckMode {

	/**
	 * As the properties say: {@link #NONE} with {@code pubsub.redis.no-ack}, else
	 * {@link #ON_SUCCESS}. Only {@code @StreamSubscribe} knows it.
	 */
	DEFAULT,

	/**
	 * When its handler returns normally.
	 */
	ON_SUCCESS,

	/**
	 * When the handler calls {@link Acknowledgment#acknowledge()}. Until then its lease
	 * is renewed, also after the handler returned, and a container that stops waits for
	 * the decision as it waits for handlers.
	 */
	MANUAL,

	/**
	 * When its handler returns, normally or not: no retries, no dead letters.
	 */
	ALWAYS,

	/**
	 * By Redis, when it is delivered ({@code NOACK}): at most once. No retries, no dead
	 * letters.
	 */
	NONE;

	boolean isAtMostOnce() {
		return this == NONE;
	}

}
