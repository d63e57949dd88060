package dev.pubsub.redis.producer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the messages of a key in order while its stream gets other partitions: a message
 * that is for a new partition waits until those have a result that were on their way to
 * the partitions before, some of which are sent again. Thread-safe: {@code lock} guards
 * all.
 */
final class GenerationGate {

	private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Waiting> waiting = new ArrayDeque<>();

	private int generation;

	private int underWay;

	private boolean opening;

	/**
	 * Let a message in; {@link #leave()} follows when it has a result.
	 * @param generation of its partition
	 * @return completes when it may be sent, in the order in which messages came; if the
	 * caller completes it first the message is not let in
	 */
	CompletableFuture<Void> enter(int generation) {
		this.lock.lock();
		try {
			boolean first = this.underWay == 0 && this.waiting.isEmpty();
			if (!this.opening && (first || generation <= this.generation)) {
				this.generation = Math.max(this.generation, generation);
				this.underWay++;
				return OPEN;
			}
			Waiting last = new Waiting(generation, new CompletableFuture<>());
			this.waiting.add(last);
			return last.entered;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A message has a result.
	 */
	void leave() {
		this.lock.lock();
		try {
			this.underWay--;
			if (this.underWay > 0 || this.opening || this.waiting.isEmpty()) {
				return;
			}
			this.opening = true;
		}
		finally {
			this.lock.unlock();
		}
		Waiting next = next();
		while (next != null) {
			if (!next.entered.complete(null)) {
				givenUp();
			}
			next = next();
		}
	}

	private @Nullable Waiting next() {
		this.lock.lock();
		try {
			Waiting next = this.waiting.peek();
			if (next == null || (this.underWay > 0 && next.generation > this.generation)) {
				this.opening = false;
				return null;
			}
			this.waiting.remove();
			this.generation = Math.max(this.generation, next.generation);
			this.underWay++;
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void givenUp() {
		this.lock.lock();
		try {
			this.underWay--;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Waiting(int generation, CompletableFuture<Void> entered) {

	}

}
