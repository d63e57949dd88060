package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When Redis last did something for this consumer that takes a write: a server that
 * refuses writes still lists what is idle, while nobody can renew. After a gap
 * everybody's messages look abandoned, since nobody could renew a lease: for a while
 * nothing may be claimed from others, until they had the time to renew. Thread-safe.
 */
final class Contact {

	private final long gapNanos;

	private final long graceNanos;

	private final LongSupplier ticker;

	private final Runnable afterGap;

	private volatile long last;

	private volatile long graceUntil;

	/**
	 * Create a contact that is fresh.
	 * @param lease the lease
	 * @param ticker monotonic nanoseconds
	 * @param afterGap what to do at once when Redis answers again
	 */
	Contact(Duration lease, LongSupplier ticker, Runnable afterGap) {
		this.gapNanos = lease.toNanos() / 2;
		this.graceNanos = lease.toNanos() * 2 / 3;
		this.ticker = ticker;
		this.afterGap = afterGap;
		this.last = ticker.getAsLong();
		this.graceUntil = this.last;
	}

	void made() {
		long now = this.ticker.getAsLong();
		boolean gap = now - this.last > this.gapNanos;
		this.last = now;
		if (gap) {
			this.graceUntil = now + this.graceNanos;
			this.afterGap.run();
		}
	}

	boolean isInGrace() {
		long now = this.ticker.getAsLong();
		return this.graceUntil - now > 0 || now - this.last > this.gapNanos;
	}

}
