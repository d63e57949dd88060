package dev.pubsub.redis.internal.concurrent;

/**
 * A wake-up that was set.
 */
interface Alarm {

	/**
	 * Take it back, if it did not ring.
	 */
	void cancel();

}
