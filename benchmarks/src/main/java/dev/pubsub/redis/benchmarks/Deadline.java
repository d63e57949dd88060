package dev.pubsub.redis.benchmarks;

import java.time.Duration;

/**
 * When to be done. A slow machine gets fewer figures from a quick run.
 */
final class Deadline {

	private static final Duration SHORTEST_TRIAL = Duration.ofSeconds(3);

	private final long end;

	private final Duration longestTrial;

	private Deadline(Duration atMost, Duration longestTrial) {
		this.end = System.nanoTime() + atMost.toNanos();
		this.longestTrial = longestTrial;
	}

	static Deadline none() {
		return new Deadline(Duration.ofDays(1), Duration.ofMinutes(4));
	}

	static Deadline in(Duration time) {
		return new Deadline(time, time);
	}

	boolean allowsTrial() {
		return left().compareTo(SHORTEST_TRIAL) > 0;
	}

	/**
	 * Return how long a trial may take now.
	 */
	Duration left() {
		Duration left = Duration.ofNanos(this.end - System.nanoTime());
		return (left.compareTo(this.longestTrial) < 0) ? left : this.longestTrial;
	}

}
