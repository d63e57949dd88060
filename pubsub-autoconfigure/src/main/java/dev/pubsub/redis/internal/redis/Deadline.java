package dev.pubsub.redis.internal.redis;

import java.time.Duration;

/**
 * A moment of the monotonic clock until which something is worth doing.
 *
 * @param nanoTime the moment, as {@link System#nanoTime()} counts
 */
public record Deadline(long nanoTime) {

	/**
	 * Return a deadline that is over.
	 * @return the deadline
	 */
	public static Deadline now() {
		return new Deadline(System.nanoTime());
	}

	/**
	 * Return a deadline that is some time away.
	 * @param time time from now
	 * @return the deadline
	 */
	public static Deadline after(Duration time) {
		return new Deadline(System.nanoTime() + time.toNanos());
	}

	public long nanosLeft() {
		return this.nanoTime - System.nanoTime();
	}

	public Duration left() {
		return Duration.ofNanos(Math.max(0, nanosLeft()));
	}

	public boolean isOver() {
		return nanosLeft() <= 0;
	}

	/**
	 * Wait for a connection.
	 * @param link link to wait for
	 * @return whether there is one; not when the thread is interrupted, which it stays
	 */
	public boolean awaitConnection(RedisLink link) {
		try {
			return !isOver() && link.awaitConnection(left());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
