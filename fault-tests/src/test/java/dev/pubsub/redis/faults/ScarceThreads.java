package dev.pubsub.redis.faults;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads as long as there are some: an exhausted machine refuses a new one with an
 * error.
 */
final class ScarceThreads extends ThreadPoolExecutor {

	private volatile boolean none;

	ScarceThreads() {
		super(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Say whether there are no threads.
	 */
	void setNone(boolean none) {
		this.none = none;
	}

	@Override
	public void execute(Runnable task) {
		if (this.none) {
			throw new OutOfMemoryError("unable to create native thread: planted");
		}
		super.execute(task);
	}

}
