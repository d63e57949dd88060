package dev.pubsub.redis.internal;

import java.time.Duration;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * What settings may be: what Redis, a clock and memory can cope with.
 */
public final class Bounds {

	private static final int MOST = 10_000;

	/**
	 * Redis counts in milliseconds.
	 */
	private static final Duration SHORTEST = Duration.ofMillis(1);

	/**
	 * Far from where nanoseconds overflow.
	 */
	private static final Duration LONGEST = Duration.ofDays(365);

	private Bounds() {
	}

	/**
	 * Check a number of things that take memory or threads.
	 * @param name name of the setting
	 * @param count its value
	 */
	public static void count(String name, int count) {
		Assert.isTrue(count > 0, () -> "'%s' must be one or more, was %d".formatted(name, count));
		Assert.isTrue(count <= MOST, () -> "'%s' must be %d or less, was %d".formatted(name, MOST, count));
	}

	/**
	 * Check an amount of memory.
	 * @param name name of the setting
	 * @param size its value
	 */
	public static void size(String name, DataSize size) {
		Assert.isTrue(size.toBytes() > 0, () -> "'%s' must be greater than zero, was %s".formatted(name, size));
	}

	/**
	 * Check a time that may also be none at all.
	 * @param name name of the setting
	 * @param pause its value
	 */
	public static void pause(String name, Duration pause) {
		Assert.isTrue(!pause.isNegative(), () -> "'%s' must be zero or more, was %s".formatted(name, pause));
		if (!pause.isZero()) {
			time(name, pause);
		}
	}

	/**
	 * Check a time that something else takes a part of, such as a reply of Redis.
	 * @param name name of the setting
	 * @param time its value
	 * @param least the smallest value that makes sense
	 */
	public static void time(String name, Duration time, Duration least) {
		time(name, time);
		Assert.isTrue(time.compareTo(least) >= 0,
				() -> "'%s' must be %d ms or more, was %s".formatted(name, least.toMillis(), time));
	}

	/**
	 * Check a time.
	 * @param name name of the setting
	 * @param time its value
	 */
	public static void time(String name, Duration time) {
		Assert.isTrue(!time.isZero() && !time.isNegative(),
				() -> "'%s' must be greater than zero, was %s".formatted(name, time));
		Assert.isTrue(time.compareTo(SHORTEST) >= 0,
				() -> "'%s' must be a millisecond or more, was %s".formatted(name, time));
		Assert.isTrue(time.compareTo(LONGEST) <= 0,
				() -> "'%s' must be %d days or less, was %s".formatted(name, LONGEST.toDays(), time));
	}

}
