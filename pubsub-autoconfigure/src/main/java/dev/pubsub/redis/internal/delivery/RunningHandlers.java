package dev.pubsub.redis.internal.delivery;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The handlers of one consumer that run at this moment, whatever became of their
 * messages. Thread-safe.
 */
final class RunningHandlers {

	private final ConcurrentHashMap<Thread, HandlerRun> runs = new ConcurrentHashMap<>();

	void add(HandlerRun run) {
		this.runs.put(run.thread(), run);
	}

	void remove(HandlerRun run) {
		this.runs.remove(run.thread(), run);
	}

	boolean isEmpty() {
		return this.runs.isEmpty();
	}

	/**
	 * Return whether the thread that asks is one of theirs.
	 */
	boolean isCaller() {
		return this.runs.containsKey(Thread.currentThread());
	}

	Collection<HandlerRun> all() {
		return this.runs.values();
	}

}
