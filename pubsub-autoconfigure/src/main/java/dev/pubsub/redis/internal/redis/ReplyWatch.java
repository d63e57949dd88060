package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.SharedTicks;

/**
 * Notices that a connection has gone silent: replies are due, and none has come for the
 * timeout. The driver does not notice, when no packet tells it that the other side is
 * gone. Costs a timer only while replies are due. Thread-safe, lock-free.
 */
final class ReplyWatch {

	private final long timeoutNanos;

	private final ScheduledExecutorService timer;

	private final Runnable onSilence;

	private final AtomicInteger due = new AtomicInteger();

	private final AtomicBoolean watching = new AtomicBoolean();

	private volatile long lastProgress = System.nanoTime();

	ReplyWatch(Duration timeout, ScheduledExecutorService timer, Runnable onSilence) {
		this.timeoutNanos = timeout.toNanos();
		this.timer = timer;
		this.onSilence = onSilence;
	}

	void sent(int commands) {
		if (this.due.get() == 0) {
			// First, or the silence before this command would count, too.
			this.lastProgress = System.nanoTime();
		}
		this.due.addAndGet(commands);
		if (!this.watching.get() && this.watching.compareAndSet(false, true)) {
			schedule(this.timeoutNanos);
		}
	}

	void replied() {
		this.lastProgress = System.nanoTime();
		this.due.decrementAndGet();
	}

	private void check() {
		if (this.due.get() <= 0) {
			this.watching.set(false);
			if (this.due.get() > 0 && this.watching.compareAndSet(false, true)) {
				schedule(this.timeoutNanos);
			}
			return;
		}
		long left = this.timeoutNanos - (System.nanoTime() - this.lastProgress);
		if (left <= 0) {
			this.onSilence.run();
		}
		else {
			schedule(left);
		}
	}

	private void schedule(long delayNanos) {
		try {
			this.timer.schedule(this::check, SharedTicks.lengthen(delayNanos, System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The application is stopping: whoever waits for a reply has a timeout too.
		}
	}

}
