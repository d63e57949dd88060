package dev.pubsub.redis.internal.concurrent;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A timer that has no memory for its first tasks.
 */
final class ShortTimer extends ScheduledThreadPoolExecutor {

	private final AtomicInteger missing;

	/**
	 * Create a timer.
	 * @param missing for how many tasks there is no memory
	 */
	ShortTimer(int missing) {
		super(1, (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		});
		this.missing = new AtomicInteger(missing);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		if (this.missing.getAndDecrement() > 0) {
			throw new OutOfMemoryError("Java heap space: planted");
		}
		return super.schedule(task, delay, unit);
	}

}
