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

	/**
	 * Start to use the session, on whichever thread ends its scope.
	 */
	void enterForScope() {
		if (!this.inUse.compareAndSet(false, true)) {
			throw new IllegalStateException(
					"This session is being used by another thread or a commit that is not complete");
		}
	}

	/**
	 * Start to use the session.
	 * @throws IllegalStateException if it belongs to another thread or is in use
	 */
	void enter() {
		enterForScope();
		Thread current = Thread.currentThread();
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
	 * Belong to no thread from now on.
	 */
	void share() {
		this.shared = true;
	}

}
