package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.internal.delivery.Attempt;
import dev.pubsub.redis.internal.delivery.DeadLetterReason;
import dev.pubsub.redis.internal.delivery.Decision;
import dev.pubsub.redis.internal.delivery.HandlerCall.End;
import dev.pubsub.redis.internal.delivery.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of a message after an attempt: by the acknowledgement mode, by how
 * the attempt ended, by the handler's own decision, and by the number of attempts. Does
 * nothing itself.
 */
final class AttemptPolicy {

	private final AckMode ackMode;

	private final Redelivery redelivery;

	private final DoubleSupplier random;

	/**
	 * Create a policy.
	 * @param random spreads the times between attempts, from 0 to 1
	 */
	AttemptPolicy(AckMode ackMode, Redelivery redelivery, DoubleSupplier random) {
		this.ackMode = ackMode;
		this.redelivery = redelivery;
		this.random = random;
	}

	Verdict judge(Attempt attempt, End end, @Nullable Throwable failure) {
		Decision decision = attempt.decision();
		if (decision != null && decision.kind() == Decision.Kind.ACKNOWLEDGE) {
			return Verdict.acknowledged(failure);
		}
		if (end == End.LEASE_LOST) {
			boolean handled = failure == null && decision == null && this.ackMode != AckMode.MANUAL;
			return handled ? Verdict.HANDLED : Verdict.left(failure);
		}
		if (end == End.STOPPED && isCutOff(decision, failure)) {
			return Verdict.RELEASED;
		}
		if (decision != null) {
			return decided(attempt, decision, failure);
		}
		if (end == End.TIMED_OUT) {
			return failed(attempt, new HandlerTimeoutException(this.redelivery.timeout(), failure), null);
		}
		if (failure != null) {
			return failed(attempt, failure, null);
		}
		return (this.ackMode == AckMode.MANUAL) ? Verdict.UNDECIDED : Verdict.HANDLED;
	}

	/**
	 * Return whether a handler that was interrupted as the consumer stops did not finish.
	 */
	private boolean isCutOff(@Nullable Decision decision, @Nullable Throwable failure) {
		if (this.ackMode.isAtMostOnce()) {
			return false;
		}
		if (decision == null) {
			return failure != null || this.ackMode == AckMode.MANUAL;
		}
		return decision.kind() == Decision.Kind.RETRY;
	}

	private Verdict decided(Attempt attempt, Decision decision, @Nullable Throwable failure) {
		if (decision.kind() == Decision.Kind.RETRY) {
			return failed(attempt,
					(failure != null) ? failure : new RejectedMessageException("The handler asked for another attempt"),
					decision.delay());
		}
		Throwable why = (failure != null) ? failure : new RejectedMessageException(rejection(decision));
		return this.ackMode.isAtMostOnce() ? Verdict.drop(why) : Verdict.giveUp(why, DeadLetterReason.REJECTED);
	}

	private static String rejection(Decision decision) {
		String text = "The handler rejected the message";
		return (decision.reason() != null) ? text + ": " + decision.reason() : text;
	}

	/**
	 * Return what becomes of a message whose attempt failed.
	 * @param delay time until the next attempt, {@code null} to follow the back-off
	 */
	private Verdict failed(Attempt attempt, Throwable failure, @Nullable Duration delay) {
		if (this.ackMode == AckMode.ALWAYS || this.ackMode.isAtMostOnce()) {
			return Verdict.drop(failure);
		}
		DeadLetterReason reason = reasonToGiveUp(attempt, failure);
		if (reason != null) {
			return Verdict.giveUp(failure, reason);
		}
		return Verdict.retry(failure,
				(delay != null) ? delay : this.redelivery.backoff().delayAfter(attempt.number(), this.random));
	}

	private @Nullable DeadLetterReason reasonToGiveUp(Attempt attempt, Throwable failure) {
		if (failure instanceof PayloadConversionException) {
			return DeadLetterReason.UNREADABLE;
		}
		if (!this.redelivery.isRetryable(failure)) {
			return DeadLetterReason.NOT_RETRYABLE;
		}
		if (attempt.number() >= this.redelivery.maxAttempts()) {
			return DeadLetterReason.ATTEMPTS_EXHAUSTED;
		}
		return attempt.isEntryDeleted() ? DeadLetterReason.ENTRY_DELETED : null;
	}

}
