package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.concurrent.SharedTicks;

/**
 * Notices that a connection has gone silent: replies are due, and none has come for the
 * timeout. The driver does not notice, when no packet tells it that the other side is
 * gone. Costs a timer only while replies are due. Thread-safe, lock-free.
 */
final class ReplyWatch {

	private final long timeoutNanos;

	private final long suspicionNanos;

	private final Loop checks;

	private final Runnable onSuspicion;

	private final Runnable onSilence;

	private final AtomicInteger due = new AtomicInteger();

	private final AtomicBoolean watching = new AtomicBoolean();

	private volatile long lastProgress = System.nanoTime();

	/**
	 * Create a watch.
	 * @param timeout longest silence while a reply is due
	 * @param suspicion after how much of it something may be wrong
	 * @param ticks notice the silence
	 * @param onSuspicion is told when something may be wrong
	 * @param onSilence is told when the connection is of no use any more
	 */
	ReplyWatch(Duration timeout, Duration suspicion, SharedTicks ticks, Runnable onSuspicion, Runnable onSilence) {
		this.timeoutNanos = timeout.toNanos();
		this.suspicionNanos = Math.min(suspicion.toNanos(), this.timeoutNanos);
		this.checks = ticks.loop("Waiting for replies", suspicion, this::check);
		this.onSuspicion = onSuspicion;
		this.onSilence = onSilence;
	}

	void sent(int commands) {
		if (this.due.get() == 0) {
			// First, or the silence before this command would count, too.
			this.lastProgress = System.nanoTime();
		}
		this.due.addAndGet(commands);
		if (!this.watching.get() && this.watching.compareAndSet(false, true)) {
			schedule(this.suspicionNanos);
		}
	}

	void replied() {
		this.lastProgress = System.nanoTime();
		this.due.decrementAndGet();
	}

	/**
	 * Return whether no reply is due.
	 */
	boolean isIdle() {
		return this.due.get() <= 0;
	}

	private void check() {
		if (this.due.get() <= 0) {
			this.watching.set(false);
			if (this.due.get() > 0 && this.watching.compareAndSet(false, true)) {
				schedule(this.suspicionNanos);
			}
			return;
		}
		long silence = System.nanoTime() - this.lastProgress;
		if (silence >= this.timeoutNanos) {
			this.onSilence.run();
		}
		else if (silence >= this.suspicionNanos) {
			this.onSuspicion.run();
			schedule(this.timeoutNanos - silence);
		}
		else {
			schedule(this.suspicionNanos - silence);
		}
	}

	private void schedule(long delayNanos) {
		this.checks.wakeAfter(Duration.ofNanos(delayNanos));
	}

}
