package dev.pubsub.redis.test.virtual;

import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/**
 * A thread that runs only while its world lets it: exactly one does at any time. It is
 * reused for task after task, as threads of a pool are.
 */
final class VirtualThread extends Thread {

	final Semaphore turn = new Semaphore(0);

	@Nullable VirtualTime world;

	@Nullable VirtualProcess process;

	@Nullable Runnable task;

	int number;

	/** How many locks it holds: others would wait for them for ever. */
	int locks;

	boolean permit;

	boolean parked;

	VirtualTime.@Nullable Item wakeUp;

	VirtualThread() {
		super("virtual");
		setDaemon(true);
	}

	@Override
	public void run() {
		while (true) {
			this.turn.acquireUninterruptibly();
			Runnable present = this.task;
			VirtualTime own = this.world;
			if (present == null || own == null) {
				return;
			}
			try {
				present.run();
			}
			catch (Throwable ex) {
				own.threadEnded(this, ex);
			}
			Thread.interrupted();
			own.taskEnded(this);
		}
	}

	/**
	 * The same in each run of a seed, since maps of threads are gone through.
	 */
	@Override
	public int hashCode() {
		return this.number;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

}
