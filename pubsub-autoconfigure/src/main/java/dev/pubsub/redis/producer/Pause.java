package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.ResendPace;
import org.jspecify.annotations.Nullable;

/**
 * Pauses between attempts to send what a server could not execute yet, as
 * {@link ResendPace} says, until a deadline. Immutable but for {@link #pass()}.
 */
final class Pause {

	private final Deadline deadline;

	private int attempts;

	Pause(Deadline deadline) {
		this(deadline, 0);
	}

	private Pause(Deadline deadline, int attempts) {
		this.deadline = deadline;
		this.attempts = attempts;
	}

	/**
	 * Return whether there is no time left for another attempt.
	 */
	boolean isOver() {
		return this.deadline.isOver();
	}

	/**
	 * Have something fail when there is no time left.
	 */
	<T> CompletableFuture<T> bound(CompletableFuture<T> future) {
		return future.orTimeout(this.deadline.left().toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Return whether an attempt may follow at once where a server has named another one.
	 */
	boolean allowsHop() {
		return ResendPace.allowsHop(this.attempts) && !this.deadline.isOver();
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
		return new Pause(this.deadline, this.attempts + 1);
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
		return over.thenCompose((ignored) -> attempt.apply(next()));
	}

	private @Nullable Duration length() {
		Duration length = ResendPace.pauseAfter(this.attempts);
		return (this.deadline.left().compareTo(length) > 0) ? length : null;
	}

}
