package dev.pubsub.redis.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;

/**
 * Counts what handlers do, and reads the count against the clock. Counting is
 * thread-safe.
 */
final class Meter {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final LongAdder handled = new LongAdder();

	void handled() {
		this.handled.increment();
	}

	void handled(int messages) {
		this.handled.add(messages);
	}

	long count() {
		return this.handled.sum();
	}

	/**
	 * Wait until a number of messages is handled, at most as long as given.
	 * @return the reading then
	 */
	Reading await(long messages, Duration atMost) {
		long end = System.nanoTime() + atMost.toNanos();
		while (count() < messages && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(LOOK_NANOS);
		}
		return read();
	}

	Reading read() {
		return new Reading(System.nanoTime(), count(), SYSTEM.getProcessCpuTime());
	}

	/**
	 * Return how much heap is in use after a collection.
	 */
	static double heapMegabytes() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (1024.0 * 1024.0);
	}

	/**
	 * The state of the count at a time.
	 *
	 * @param nanos the time
	 * @param count what was handled until then
	 * @param cpuNanos CPU time of this process until then
	 */
	record Reading(long nanos, long count, long cpuNanos) {

		double secondsSince(Reading earlier) {
			return (this.nanos - earlier.nanos) / 1e9;
		}

		double perSecondSince(Reading earlier) {
			return (this.count - earlier.count) / secondsSince(earlier);
		}

		double cpuMicrosPerMessageSince(Reading earlier) {
			return (this.cpuNanos - earlier.cpuNanos) / 1e3 / Math.max(1, this.count - earlier.count);
		}

		double cpuPercentSince(Reading earlier) {
			return 100.0 * (this.cpuNanos - earlier.cpuNanos) / (this.nanos - earlier.nanos);
		}

	}

}
