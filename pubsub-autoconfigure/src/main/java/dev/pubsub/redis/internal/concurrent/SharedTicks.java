package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;

/**
 * Steps of time that all of a process share, for waits that need not be exact: what ends
 * in the same step ends at one wake-up of the thread that serves it. Hundreds of idle
 * subscriptions cost mostly wake-ups.
 */
public final class SharedTicks {

	private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

	/**
	 * Shorter waits are left alone: a step would be too much of them.
	 */
	private static final long SHORTEST_NANOS = 10 * STEP_NANOS;

	private SharedTicks() {
	}

	/**
	 * Lengthen a wait by less than a step, so that it ends with one.
	 * @param nanos the wait
	 * @param now {@link System#nanoTime()}
	 * @return the wait, unchanged if it is short
	 */
	public static long lengthen(long nanos, long now) {
		return (nanos < SHORTEST_NANOS) ? nanos : nanos + Math.floorMod(-(now + nanos), STEP_NANOS);
	}

	/**
	 * Shorten a wait by less than a step, so that it ends with one.
	 * @param wait the wait
	 * @param now {@link System#nanoTime()}
	 * @return the wait in whole milliseconds, unchanged if it is short
	 */
	public static Duration shorten(Duration wait, long now) {
		long nanos = wait.toNanos();
		return (nanos < SHORTEST_NANOS) ? wait
				: Duration.ofMillis(Duration.ofNanos(nanos - Math.floorMod(now + nanos, STEP_NANOS)).toMillis());
	}

}
