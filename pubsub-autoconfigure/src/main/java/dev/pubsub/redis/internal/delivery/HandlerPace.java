package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long handlers took lately, and what follows from it. Workers write it without
 * waiting for each other: now and then one measurement is lost, which does no harm.
 */
final class HandlerPace {

	private static final long WORK_AHEAD_NANOS = Duration.ofMillis(100).toNanos();

	/**
	 * Below this average, waking a worker costs more than the handler.
	 */
	private static final long QUICK_NANOS = Duration.ofNanos(50_000).toNanos();

	/**
	 * Below this average, asking for one message costs as much as handling it.
	 */
	private static final long BRIEF_NANOS = Duration.ofNanos(500_000).toNanos();

	private static final long SHARE_NANOS = Duration.ofNanos(400_000).toNanos();

	/**
	 * How much longer than the average one measurement may count: a thread that was not
	 * given a processor for a while says nothing about the handler.
	 */
	private static final double MOST_DEVIATION = 8;

	private static final double WEIGHT = 1.0 / 16;

	private final AtomicLong averageNanos = new AtomicLong(Double.doubleToRawLongBits(Double.NaN));

	/**
	 * A handler took this long, per message.
	 */
	void measured(long nanos) {
		double average = averageNanos();
		double next = nanos;
		if (!Double.isNaN(average)) {
			double counted = Math.min(nanos, average * MOST_DEVIATION + 1);
			next = average + (counted - average) * WEIGHT;
		}
		this.averageNanos.lazySet(Double.doubleToRawLongBits(next));
	}

	private double averageNanos() {
		return Double.longBitsToDouble(this.averageNanos.get());
	}

	/**
	 * Return whether handlers are known to be quick.
	 */
	boolean isQuick() {
		return averageNanos() < QUICK_NANOS;
	}

	/**
	 * Return whether handlers are known to be so brief that their messages are worth
	 * asking for many at once: most are before they are quick, as long as a JVM is new.
	 */
	boolean isBrief() {
		return averageNanos() < BRIEF_NANOS;
	}

	/**
	 * Return how many workers are worth waking for quick messages.
	 */
	int workersFor(int messages) {
		return 1 + (int) (messages * averageNanos() / SHARE_NANOS);
	}

	/**
	 * Return how many messages a worker may finish in a while, at least one. The most
	 * before anything is known.
	 */
	int finishedWithin(Duration time, int most) {
		double average = averageNanos();
		return Double.isNaN(average) ? most : (int) Math.max(1, Math.min(most, time.toNanos() / Math.max(1, average)));
	}

	/**
	 * Return how many messages may wait for a worker: what all workers finish in a while.
	 * None before anything is known.
	 */
	int ahead(int workers, int most) {
		double average = averageNanos();
		if (Double.isNaN(average)) {
			return 0;
		}
		return (int) Math.min(most, workers * (double) WORK_AHEAD_NANOS / Math.max(1, average));
	}

}
