package dev.pubsub.redis.internal.redis;

/**
 * Whether an entry is still this consumer's.
 */
public enum Ownership {

	/**
	 * It is.
	 */
	OWNED,

	/**
	 * It was, but its payload is gone.
	 */
	PAYLOAD_GONE,

	/**
	 * It is acknowledged or another consumer's.
	 */
	LOST,

	/**
	 * It is nobody's: acknowledged, or its group was lost and is another one now. Only
	 * renewing tells this from {@link #LOST}.
	 */
	UNOWNED;

	static Ownership of(Reply reply) {
		long number = reply.number();
		if (number == -2) {
			return UNOWNED;
		}
		return (number > 0) ? OWNED : (number == 0) ? PAYLOAD_GONE : LOST;
	}

}
