package dev.pubsub.redis.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a session to one thread, and to one use at a time. Thread-safe.
 */
final class SessionOwner {

	/** The use that is going on, none at most times; completes when it is over. */
	private final AtomicReference<@Nullable CompletableFuture<Void>> use = new AtomicReference<>();

	private volatile @Nullable Thread thread;

	private volatile boolean shared;

	/**
	 * Start to use the session for the end of its scope, when nobody else does any more.
	 * @return completes on the thread that left the session last
	 */
	CompletableFuture<Void> enterForScope() {
		CompletableFuture<Void> other = this.use.compareAndExchange(null, new CompletableFuture<>());
		return (other != null) ? other.thenCompose((over) -> enterForScope()) : CompletableFuture.completedFuture(null);
	}

	/**
	 * Start to use the session.
	 * @throws IllegalStateException if it belongs to another thread or is in use
	 */
	void enter() {
		if (!this.use.compareAndSet(null, new CompletableFuture<>())) {
			throw new IllegalStateException(
					"This session is being used by another thread or a commit that is not complete");
		}
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
		CompletableFuture<Void> over = this.use.getAndSet(null);
		if (over != null) {
			over.complete(null);
		}
	}

	/**
	 * Belong to the next thread that uses the session.
	 */
	void handOver() {
		this.thread = null;
	}

	/**
	 * Belong to no thread from now on.
	 */
	void share() {
		this.shared = true;
	}

}
