package dev.pubsub.redis.listener;

/**
 * Where a new consumer group starts to read. An existing group goes on where it was.
 *
 * @since 0.1.0
 */
public enum StartFrom {

	/**
	 * At the first entry of the stream.
	 */
	EARLIEST,

	/**
	 * After the last entry of the stream at the moment the group is created.
	 */
	LATEST

}
