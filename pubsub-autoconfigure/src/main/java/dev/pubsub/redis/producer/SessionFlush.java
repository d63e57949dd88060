package dev.pubsub.redis.producer;

/**
 * What happens to a session at the end of its web request or transaction.
 *
 * @since 0.1.0
 */
public enum SessionFlush {

	/**
	 * Sessions are committed by the application. What one holds at the end of the request
	 * is dropped, with one warning, unless {@code commit()} has failed with an exception.
	 */
	MANUAL,

	/**
	 * Committed at the end of a request that succeeded; dropped when it failed, which is
	 * an exception or a status from 400 up.
	 */
	REQUEST_END,

	/**
	 * Committed after the surrounding transaction has committed; dropped when it rolls
	 * back. What {@code @TransactionalEventListener} methods add after that is sent at
	 * once. Outside of a transaction, as {@link #MANUAL}.
	 */
	AFTER_COMMIT

}
