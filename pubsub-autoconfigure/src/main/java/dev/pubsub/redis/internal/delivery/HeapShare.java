package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many consumers of a process have large entries at the moment: they share the memory
 * for what is handled at once. Thread-safe.
 */
final class HeapShare {

	/**
	 * From how many bytes on an entry is large.
	 */
	static final long LARGE = 1024 * 1024;

	private final AtomicInteger consumers = new AtomicInteger();

	void join() {
		this.consumers.incrementAndGet();
	}

	void leave() {
		this.consumers.decrementAndGet();
	}

	/**
	 * Return into how many parts the memory is divided.
	 */
	int parts() {
		return Math.max(1, this.consumers.get());
	}

}
