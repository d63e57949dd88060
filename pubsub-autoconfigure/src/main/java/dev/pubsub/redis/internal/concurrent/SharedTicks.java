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
		return lengthen(nanos, nanos, now);
	}

	/**
	 * Lengthen what is left of a wait by less than a step, so that it ends with one.
	 * @param rest the time that is left
	 * @param wait the wait as a whole
	 * @param now {@link System#nanoTime()}
	 * @return the time, unchanged if the wait is short
	 */
	public static long lengthen(long rest, long wait, long now) {
		return (wait < SHORTEST_NANOS) ? rest : rest + Math.floorMod(-(now + rest), STEP_NANOS);
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

	/**
	 * Return the time until the step that is under way ends, for looks that are repeated
	 * at every step.
	 * @param now {@link System#nanoTime()}
	 * @return the time, more than zero and at most a step
	 */
	public static Duration untilNext(long now) {
		return Duration.ofNanos(STEP_NANOS - Math.floorMod(now, STEP_NANOS));
	}

}
