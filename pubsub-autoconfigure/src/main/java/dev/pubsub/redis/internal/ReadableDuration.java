package dev.pubsub.redis.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * Durations as people read them: {@code 35 ms}, {@code 0.9 s}, {@code 5 min 30 s}.
 */
public final class ReadableDuration {

	private static final long SECOND = 1000;

	private static final long MINUTE = 60 * SECOND;

	private static final long HOUR = 60 * MINUTE;

	private static final long DAY = 24 * HOUR;

	private ReadableDuration() {
	}

	/**
	 * Return a duration, rounded to what matters.
	 * @param duration the duration
	 * @return the text
	 */
	public static String of(Duration duration) {
		if (duration.isNegative()) {
			return "-" + of(duration.negated());
		}
		if (duration.compareTo(Duration.ofMillis(100)) < 0) {
			return duration.toMillis() + " ms";
		}
		long millis = (duration.compareTo(Duration.ofMillis(Long.MAX_VALUE)) < 0) ? duration.toMillis()
				: Long.MAX_VALUE;
		if (millis < 10 * SECOND) {
			BigDecimal seconds = BigDecimal.valueOf(millis, 3).setScale(1, RoundingMode.HALF_UP);
			return seconds.stripTrailingZeros().toPlainString() + " s";
		}
		if (millis < MINUTE) {
			return millis / SECOND + " s";
		}
		if (millis < HOUR) {
			return two(millis, MINUTE, "min", SECOND, "s");
		}
		return (millis < DAY) ? two(millis, HOUR, "h", MINUTE, "min") : two(millis, DAY, "d", HOUR, "h");
	}

	private static String two(long millis, long large, String largeUnit, long small, String smallUnit) {
		long rest = millis % large / small;
		String text = millis / large + " " + largeUnit;
		return (rest > 0) ? text + " " + rest + " " + smallUnit : text;
	}

}
