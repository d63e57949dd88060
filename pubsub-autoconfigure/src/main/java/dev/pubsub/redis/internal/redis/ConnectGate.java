package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets the links to one server ask together, and not each for itself, whether it is back:
 * after a failure one attempt passes in a while, after a success all do. Thread-safe.
 */
final class ConnectGate {

	private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

	private final LongSupplier ticker;

	private final AtomicLong nextAttemptAt = new AtomicLong();

	private volatile boolean failing;

	ConnectGate(LongSupplier ticker) {
		this.ticker = ticker;
	}

	/**
	 * Return whether an attempt makes sense now.
	 */
	boolean pass() {
		if (!this.failing) {
			return true;
		}
		long now = this.ticker.getAsLong();
		long next = this.nextAttemptAt.get();
		return now - next >= 0 && this.nextAttemptAt.compareAndSet(next, now + INTERVAL_NANOS);
	}

	void failed() {
		if (!this.failing) {
			this.nextAttemptAt.set(this.ticker.getAsLong() + INTERVAL_NANOS);
			this.failing = true;
		}
	}

	void succeeded() {
		this.failing = false;
	}

}
