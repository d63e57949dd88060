package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Pauses between attempts to send what a server could not execute yet, each about twice
 * as long as the one before, until a deadline. Immutable but for {@link #pass()}.
 */
final class Pause {

	private static final long SHORTEST_MILLIS = 20;

	private static final int MOST_DOUBLINGS = 3;

	/**
	 * So often a server may name another one before there is a pause.
	 */
	private static final int HOPS = 5;

	private final Deadline deadline;

	private final boolean after;

	private int attempts;

	Pause(Deadline deadline) {
		this(deadline, 0, false);
	}

	private Pause(Deadline deadline, int attempts, boolean after) {
		this.deadline = deadline;
		this.attempts = attempts;
		this.after = after;
	}

	/**
	 * Return whether nothing was attempted yet.
	 */
	boolean isFirst() {
		return this.attempts == 0;
	}

	/**
	 * Return whether a server could not execute the messages before.
	 */
	boolean isAfterSetback() {
		return this.after;
	}

	/**
	 * Return whether an attempt may follow at once where a server has named another one.
	 */
	boolean allowsHop() {
		return this.attempts < HOPS && !this.deadline.isOver();
	}

	/**
	 * Take note of an attempt without a pause.
	 */
	void hop() {
		this.attempts++;
	}

	/**
	 * Return the pause after another attempt.
	 */
	Pause next() {
		return new Pause(this.deadline, this.attempts + 1, this.after);
	}

	/**
	 * Return the pause after an attempt that a server refused.
	 */
	Pause afterSetback() {
		return new Pause(this.deadline, this.attempts + 1, true);
	}

	/**
	 * Wait on this thread.
	 * @return whether there is time for another attempt; not when the thread is
	 * interrupted, which it stays
	 */
	boolean pass() {
		Duration length = length();
		this.attempts++;
		if (length == null) {
			return false;
		}
		Deadline end = Deadline.after(length);
		while (!end.isOver() && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(this, end.nanosLeft());
		}
		return !Thread.currentThread().isInterrupted();
	}

	/**
	 * Do something after the pause, on a thread that must not be blocked.
	 * @return the result; completes at once when there is no time left
	 */
	CompletableFuture<Void> then(BackgroundThreads threads, Function<Pause, CompletableFuture<Void>> attempt) {
		Duration length = length();
		if (length == null) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<Void> over = new CompletableFuture<>();
		threads.after(length, () -> over.complete(null));
		return over.thenCompose((ignored) -> attempt.apply(afterSetback()));
	}

	/**
	 * Return how long a pause takes: the half of its longest time at least, at random.
	 * @param attempts how many attempts came before it
	 */
	static Duration lengthAfter(int attempts) {
		long longest = SHORTEST_MILLIS << Math.min(attempts, MOST_DOUBLINGS);
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
	}

	private @Nullable Duration length() {
		Duration length = lengthAfter(this.attempts);
		return (this.deadline.left().compareTo(length) > 0) ? length : null;
	}

}
