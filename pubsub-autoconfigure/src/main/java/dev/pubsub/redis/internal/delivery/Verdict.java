package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message after an attempt. Those of success are constants.
 *
 * @param kind what to do
 * @param failure why the attempt failed, if it did
 * @param delay time until the next attempt, where there is one
 * @param reason why the message is given up, where it is
 */
public record Verdict(Kind kind, @Nullable Throwable failure, Duration delay, @Nullable DeadLetterReason reason) {

	public static final Verdict HANDLED = new Verdict(Kind.HANDLED, null, Duration.ZERO, null);

	public static final Verdict UNDECIDED = new Verdict(Kind.UNDECIDED, null, Duration.ZERO, null);

	public static final Verdict RELEASED = new Verdict(Kind.RELEASED, null, Duration.ZERO, null);

	/**
	 * Leave the message to the consumer that has it.
	 */
	public static Verdict left(@Nullable Throwable failure) {
		return new Verdict(Kind.LEFT, failure, Duration.ZERO, null);
	}

	/**
	 * The handler acknowledged the message itself, which was done when it said so.
	 * @param failure what it threw after that
	 */
	public static Verdict acknowledged(@Nullable Throwable failure) {
		return new Verdict(Kind.ACKNOWLEDGED, failure, Duration.ZERO, null);
	}

	public static Verdict retry(Throwable failure, Duration delay) {
		return new Verdict(Kind.RETRY, failure, delay, null);
	}

	public static Verdict giveUp(Throwable failure, DeadLetterReason reason) {
		return new Verdict(Kind.GIVE_UP, failure, Duration.ZERO, reason);
	}

	/**
	 * Settle the message though it failed, since the subscription wants no retries.
	 */
	public static Verdict drop(Throwable failure) {
		return new Verdict(Kind.DROP, failure, Duration.ZERO, null);
	}

	/**
	 * What to do with a message.
	 */
	public enum Kind {

		/** Acknowledge it. */
		HANDLED,

		/** It is acknowledged already. */
		ACKNOWLEDGED,

		/** Wait for a decision of another thread. */
		UNDECIDED,

		/** Attempt it again, after the delay. */
		RETRY,

		/** Move it to the dead-letter stream. */
		GIVE_UP,

		/** Acknowledge it as failed. */
		DROP,

		/** Give the attempt back: another consumer begins it again. */
		RELEASED,

		/** Do nothing. */
		LEFT

	}

}
