package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many messages of a lane are without a result. Thread-safe.
 */
final class LanePermits {

	private final Semaphore permits;

	private final int most;

	private final Duration timeout;

	/**
	 * Create permits.
	 * @param most number of messages at most
	 * @param timeout how long to wait for one that has a result
	 */
	LanePermits(int most, Duration timeout) {
		this.permits = new Semaphore(most);
		this.most = most;
		this.timeout = timeout;
	}

	/**
	 * Take a permit for a message.
	 * @return why there is none, {@code null} if there is one
	 */
	@Nullable Throwable acquire() {
		if (this.permits.tryAcquire()) {
			return null;
		}
		// An event loop that waits may be the one that has to read the replies.
		boolean mayWait = !(Thread.currentThread() instanceof FastThreadLocalThread);
		try {
			if (mayWait && this.permits.tryAcquire(this.timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				return null;
			}
			return new IllegalStateException(
					this.most + " messages are without a reply already" + (mayWait ? ", for " + this.timeout : ""));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ex;
		}
	}

	void release() {
		this.permits.release();
	}

	/**
	 * Return whether all messages have a result.
	 */
	boolean isIdle() {
		return this.permits.availablePermits() == this.most;
	}

	/**
	 * Wait until all messages have a result.
	 */
	void awaitIdle(Duration atMost) throws InterruptedException {
		if (this.permits.tryAcquire(this.most, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
			this.permits.release(this.most);
		}
	}

}
