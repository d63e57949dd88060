package dev.pubsub.redis.producer;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.RedisLink;

/**
 * A moment after which a call returns.
 *
 * @param nanoTime the moment
 */
record Deadline(long nanoTime) {

	static Deadline after(Duration timeout) {
		return new Deadline(System.nanoTime() + timeout.toNanos());
	}

	long nanosLeft() {
		return this.nanoTime - System.nanoTime();
	}

	/**
	 * Wait for a connection.
	 * @return whether there is one; not when the thread is interrupted, which it stays
	 */
	boolean awaitConnection(RedisLink link) {
		try {
			return nanosLeft() > 0 && link.awaitConnection(Duration.ofNanos(nanosLeft()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
