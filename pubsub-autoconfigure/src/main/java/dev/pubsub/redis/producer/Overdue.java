package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has messages ended whose time is over, whatever holds them up. Costs a timer only while
 * messages are under way. Thread-safe, lock-free.
 */
final class Overdue {

	private static final Logger logger = LoggerFactory.getLogger(Overdue.class);

	private static final Duration TROUBLE = Duration.ofSeconds(1);

	private static final Duration STEP = Duration.ofMillis(10);

	private final BackgroundThreads threads;

	private final Supplier<@Nullable Deadline> ending;

	private final AtomicBoolean watching = new AtomicBoolean();

	/**
	 * Create a watch.
	 * @param threads have a timer
	 * @param ending ends messages, and says when to look again, {@code null} when there
	 * are none
	 */
	Overdue(BackgroundThreads threads, Supplier<@Nullable Deadline> ending) {
		this.threads = threads;
		this.ending = ending;
	}

	/**
	 * A message is under way.
	 * @param deadline when its time is over
	 */
	void watch(Deadline deadline) {
		if (!this.watching.get() && this.watching.compareAndSet(false, true)) {
			schedule(deadline);
		}
	}

	private void look() {
		try {
			lookAndGoOn();
		}
		catch (Throwable ex) {
			logger.error("Looking for messages whose time is over broke off", ex);
			schedule(Deadline.after(TROUBLE));
		}
	}

	private void lookAndGoOn() {
		Deadline next = this.ending.get();
		if (next == null) {
			this.watching.set(false);
			// What came meanwhile has found the watch on.
			next = this.ending.get();
			if (next == null || !this.watching.compareAndSet(false, true)) {
				return;
			}
		}
		schedule(next);
	}

	private void schedule(Deadline deadline) {
		Duration left = deadline.left();
		this.threads.after((left.compareTo(STEP) > 0) ? left : STEP, this::look);
	}

}
