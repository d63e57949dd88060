package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

/**
 * One thread that waits until there is room for more messages. Others wake it whenever
 * that may be so.
 */
final class WaitingThread {

	private volatile boolean closed;

	private volatile @Nullable Thread thread;

	/**
	 * Wait until there is room, at most as long as given.
	 * @param room returns how many messages there is worthwhile room for, 0 for none
	 * @param atMost the longest wait
	 * @return the room, 0 when the time was up
	 */
	int awaitRoom(IntSupplier room, Duration atMost) {
		int found = room.getAsInt();
		if (found > 0) {
			return found;
		}
		long end = System.nanoTime() + atMost.toNanos();
		this.thread = Thread.currentThread();
		try {
			long left = atMost.toNanos();
			while (!this.closed && left > 0 && !Thread.currentThread().isInterrupted()) {
				found = room.getAsInt();
				if (found > 0) {
					return found;
				}
				LockSupport.parkNanos(this, left);
				left = end - System.nanoTime();
			}
			return 0;
		}
		finally {
			this.thread = null;
		}
	}

	boolean isWaiting() {
		return this.thread != null;
	}

	void wake() {
		Thread waiting = this.thread;
		if (waiting != null) {
			LockSupport.unpark(waiting);
		}
	}

	/**
	 * Wait no more.
	 */
	void close() {
		this.closed = true;
		wake();
	}

}
