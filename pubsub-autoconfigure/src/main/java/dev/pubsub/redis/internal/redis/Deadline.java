package dev.pubsub.redis.internal.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A moment of the monotonic clock until which something is worth doing.
 *
 * @param nanoTime the moment, as {@link System#nanoTime()} counts
 */
public record Deadline(long nanoTime) {

	/**
	 * How long an attempt takes at most, usually: without its reply it were unknown what
	 * became of a command.
	 */
	private static final Duration LAST_REPLY = Duration.ofMillis(50);

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

	/**
	 * Return the earlier one of two deadlines.
	 * @param one a deadline, if there is one
	 * @param other a deadline, if there is one
	 * @return one of them; {@code null} if there is none
	 */
	public static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return (one.nanoTime - other.nanoTime <= 0) ? one : other;
	}

	/**
	 * Return another deadline.
	 * @param time how much later it is
	 * @return the deadline
	 */
	public Deadline plus(Duration time) {
		return new Deadline(this.nanoTime + time.toNanos());
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
	 * Return whether something can still be sent, and answered in time.
	 * @param needed how long that takes besides
	 * @return whether to send it
	 */
	public boolean leavesTimeFor(Duration needed) {
		return nanosLeft() > needed.toNanos() + LAST_REPLY.toNanos();
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
