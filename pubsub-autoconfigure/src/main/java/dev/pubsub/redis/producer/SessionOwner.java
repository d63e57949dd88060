package dev.pubsub.redis.producer;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a session to one thread, and to one use at a time. Thread-safe.
 */
final class SessionOwner {

	private final AtomicBoolean inUse = new AtomicBoolean();

	private volatile @Nullable Thread thread;

	private volatile boolean shared;

	void enter() {
		Thread current = Thread.currentThread();
		if (!this.inUse.compareAndSet(false, true)) {
			throw new IllegalStateException(
					"This session is being used by another thread or a commit that is not complete");
		}
		Thread owner = this.thread;
		if (owner == null) {
			this.thread = current;
		}
		else if (owner != current && !this.shared) {
			leave();
			throw new IllegalStateException(
					"This session belongs to thread \"" + owner.getName() + "\" and must not be used from \""
							+ current.getName() + "\": use RedisStreamProducer.newSession() there");
		}
	}

	void leave() {
		this.inUse.set(false);
	}

	/**
	 * Belong to whichever thread comes next.
	 */
	void release() {
		this.thread = null;
	}

	/**
	 * Belong to no thread from now on.
	 */
	void share() {
		this.shared = true;
	}

}
