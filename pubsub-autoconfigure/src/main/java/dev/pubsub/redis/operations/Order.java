package dev.pubsub.redis.operations;

/**
 * Which entries come first.
 *
 * @since 0.1.0
 */
public enum Order {

	/** The oldest. */
	OLDEST_FIRST,

	/** The newest. */
	NEWEST_FIRST

}
