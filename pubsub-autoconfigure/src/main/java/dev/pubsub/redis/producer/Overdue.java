package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Has messages ended whose time is over, whatever holds them up. Costs a timer only while
 * messages are under way. Thread-safe.
 */
final class Overdue {

	private static final Duration STEP = Duration.ofMillis(10);

	private final Supplier<@Nullable Deadline> ending;

	private final Loop looks;

	/** Spares messages that come while others are under way the lock of the timer. */
	private final AtomicBoolean watching = new AtomicBoolean();

	/**
	 * Create a watch.
	 * @param threads have a timer
	 * @param ending ends messages, and says when to look again, {@code null} when there
	 * are none
	 */
	Overdue(BackgroundThreads threads, Supplier<@Nullable Deadline> ending) {
		this.ending = ending;
		this.looks = new Loop("Looking for messages whose time is over", Runnable::run, threads.timer(), this::look);
	}

	/**
	 * A message is under way.
	 * @param deadline when its time is over
	 */
	void watch(Deadline deadline) {
		if (!this.watching.get() && this.watching.compareAndSet(false, true)) {
			lookAt(deadline);
		}
	}

	private void look() {
		Deadline next = this.ending.get();
		if (next == null) {
			this.watching.set(false);
			// What came meanwhile has found the watch on.
			next = this.ending.get();
			if (next == null || !this.watching.compareAndSet(false, true)) {
				return;
			}
		}
		lookAt(next);
	}

	private void lookAt(Deadline deadline) {
		Duration left = deadline.left();
		this.looks.wakeAfter((left.compareTo(STEP) > 0) ? left : STEP);
	}

}
