package dev.pubsub.redis.internal.concurrent;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of which a given number cannot be started, as on a machine that has none left.
 */
public final class ScarceThreads extends ThreadPoolExecutor {

	private final AtomicInteger missing = new AtomicInteger();

	public ScarceThreads() {
		super(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
	}

	/**
	 * Refuse the next tasks.
	 * @param tasks how many
	 */
	public void refuse(int tasks) {
		this.missing.set(tasks);
	}

	/**
	 * Return how many tasks will be refused.
	 */
	public int missing() {
		return this.missing.get();
	}

	@Override
	public void execute(Runnable task) {
		if (this.missing.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			throw new InternalError("There is no thread: planted");
		}
		super.execute(task);
	}

}
