package dev.pubsub.redis.operations;

/**
 * Whether to tell what is in messages: payloads, headers and stack traces.
 *
 * @since 0.1.0
 */
public enum Payloads {

	/** Tell all. */
	SHOWN,

	/** Tell ids, times, sizes and reasons only. */
	HIDDEN

}
