package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.RedisFault;
import org.jspecify.annotations.Nullable;

/**
 * What Redis is to be told of messages until it confirms, kept by a {@link Settler}. Each
 * method may be called again after it broke off, with the messages as they are then.
 *
 * @param <R> what Redis replies
 */
abstract sealed class Owed<R> permits AckBatcher.Batch, BackoffMessages.BackOff, DeadLetters.Letter, HandBack.Release {

	private final Confirmations confirmations;

	private final AtomicInteger round = new AtomicInteger();

	private final AtomicBoolean over = new AtomicBoolean();

	private volatile long number;

	private volatile long sentAt;

	private volatile boolean refused;

	/** When to go on; guarded by the lock of the settler. */
	private long dueAt;

	/** Whether it waits for that time; guarded by the lock of the settler. */
	private boolean waiting;

	Owed(Confirmations confirmations) {
		this.confirmations = confirmations;
	}

	/**
	 * Tell Redis.
	 * @return the reply; {@code null} when there is nothing to tell any more
	 */
	abstract @Nullable CompletableFuture<R> send();

	/**
	 * Redis confirmed.
	 * @return the time until there is more to tell, {@code null} when that was all
	 */
	abstract @Nullable Duration confirmed(R reply);

	/**
	 * Return what to do after an error reply.
	 */
	Remedy remedy(RedisFault fault) {
		return Remedy.LATER;
	}

	/**
	 * Redis refused, was silent or away, or something broke off here.
	 * @param delay time until it is told again
	 * @return that time, or another one
	 */
	Duration refused(Throwable cause, Duration delay) {
		return delay;
	}

	/**
	 * There is nothing to tell any more.
	 */
	void ended() {
	}

	/**
	 * A settler has it from now on.
	 */
	void register(long number) {
		this.number = number;
		this.confirmations.begun();
	}

	long number() {
		return this.number;
	}

	/**
	 * Return whether a settler has it, or had it.
	 */
	boolean isRegistered() {
		return this.number != 0;
	}

	void setSentAt(long now) {
		this.sentAt = now;
	}

	/**
	 * Return for how long there was no answer.
	 */
	long silence(long now) {
		return now - this.sentAt;
	}

	/**
	 * Begin to tell Redis.
	 * @return what to end it with
	 */
	int beginRound(long now) {
		this.sentAt = now;
		return this.round.incrementAndGet();
	}

	/**
	 * Return whether an answer is for the last time that Redis was told, and the first
	 * one.
	 */
	boolean endRound(int round) {
		return this.round.compareAndSet(round, round + 1);
	}

	Duration count(Throwable cause) {
		boolean first = !this.refused;
		this.refused = true;
		return this.confirmations.refused(cause, first);
	}

	/**
	 * Redis answered.
	 */
	void countAnswer() {
		this.confirmations.confirmed(isRefusedNoMore());
	}

	/**
	 * There is nothing to tell any more, whatever Redis would say.
	 */
	void countEnd() {
		if (this.over.compareAndSet(false, true)) {
			this.confirmations.ended(isRefusedNoMore());
		}
	}

	private boolean isRefusedNoMore() {
		boolean before = this.refused;
		this.refused = false;
		return before;
	}

	long dueAt() {
		return this.dueAt;
	}

	void setDueAt(long dueAt) {
		this.dueAt = dueAt;
	}

	boolean isWaiting() {
		return this.waiting;
	}

	void setWaiting(boolean waiting) {
		this.waiting = waiting;
	}

	/**
	 * What to do after an error reply.
	 */
	enum Remedy {

		/**
		 * Tell it again later.
		 */
		LATER,

		/**
		 * Tell it at once, in another way.
		 */
		AT_ONCE,

		/**
		 * There is nothing to tell any more.
		 */
		NONE

	}

}
