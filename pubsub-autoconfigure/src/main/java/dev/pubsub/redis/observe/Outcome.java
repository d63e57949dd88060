package dev.pubsub.redis.observe;

/**
 * How an attempt to handle a message ended, or the message itself.
 *
 * @since 0.1.0
 */
public enum Outcome {

	/**
	 * Its handler succeeded.
	 */
	HANDLED,

	/**
	 * Its handler failed, and it will be attempted again.
	 */
	FAILED,

	/**
	 * It was copied to the dead-letter stream and acknowledged.
	 */
	DEAD_LETTERED,

	/**
	 * It was given up and acknowledged, since its subscription has no dead-letter stream.
	 */
	DROPPED,

	/**
	 * It could not be copied to the dead-letter stream; it stays pending.
	 */
	DEAD_LETTER_REFUSED,

	/**
	 * Its lease was lost while its handler ran: another consumer may run it too.
	 */
	LEASE_LOST,

	/**
	 * It was trimmed or deleted before it was handled: it is lost.
	 */
	PAYLOAD_LOST,

	/**
	 * It was handed back unstarted.
	 */
	RELEASED;

	/**
	 * Return whether it is told with it how long the handler ran: where the handler has
	 * returned, and that was not told before.
	 * @return whether the handler's time is told with it
	 */
	public boolean isTimed() {
		return switch (this) {
			case HANDLED, FAILED, DEAD_LETTERED, DROPPED, LEASE_LOST -> true;
			case DEAD_LETTER_REFUSED, PAYLOAD_LOST, RELEASED -> false;
		};
	}

}
