package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.ReadableDuration;
import dev.pubsub.redis.internal.delivery.HandlerCall.End;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the verdict on a message: acknowledges it, has it attempted again, or gives
 * it up. Thread-safe.
 */
final class Settlements {

	private static final Logger logger = LoggerFactory.getLogger(Settlements.class);

	private final DeliverySettings settings;

	private final HandlerCall call;

	private final InFlightMessages inFlight;

	private final AckBatcher acks;

	private final BackoffMessages backoffs;

	private final DeadLetters deadLetters;

	private final Consumer<InFlightMessage> release;

	private final StartOrder order;

	private final MessageReporter reporter;

	private final StackTraces stackTraces;

	private final LongSupplier ticker;

	/**
	 * Create settlements.
	 * @param call judges late decisions, and is told of failures
	 * @param release is given messages whose attempt is given back
	 * @param order is told which messages ended
	 */
	Settlements(DeliverySettings settings, HandlerCall call, InFlightMessages inFlight, AckBatcher acks,
			BackoffMessages backoffs, DeadLetters deadLetters, Consumer<InFlightMessage> release, StartOrder order,
			MessageReporter reporter, StackTraces stackTraces, LongSupplier ticker) {
		this.settings = settings;
		this.call = call;
		this.inFlight = inFlight;
		this.acks = acks;
		this.backoffs = backoffs;
		this.deadLetters = deadLetters;
		this.release = release;
		this.order = order;
		this.reporter = reporter;
		this.stackTraces = stackTraces;
		this.ticker = ticker;
	}

	/**
	 * Carry out a verdict.
	 * @param attempt the attempt, its message settling
	 */
	void settle(MessageAttempt attempt, Verdict verdict) {
		InFlightMessage message = attempt.inFlight();
		switch (verdict.kind()) {
			case HANDLED -> {
				this.reporter.report(message, Outcome.HANDLED);
				acknowledge(message);
			}
			case ACKNOWLEDGED -> acknowledged(message, verdict.failure());
			case UNDECIDED -> awaitDecision(attempt);
			case RETRY -> retry(attempt, verdict);
			case GIVE_UP -> giveUp(attempt, verdict);
			case DROP -> drop(attempt, verdict);
			case RELEASED -> this.release.accept(message);
			case LEFT -> {
				logger.debug("Handling {} of {} ended without its lease", message, this.settings.stream(),
						verdict.failure());
				this.inFlight.leave(message);
			}
		}
		if (isEnd(verdict) || (message.stage() == Stage.GONE && this.inFlight.get(message.id()) == null)) {
			this.order.ended(message.id());
		}
	}

	/**
	 * Return whether a message ends before Redis confirms it: it is acknowledged, and
	 * that is repeated until it is confirmed.
	 */
	private static boolean isEnd(Verdict verdict) {
		return switch (verdict.kind()) {
			case HANDLED, ACKNOWLEDGED, DROP -> true;
			case UNDECIDED, RETRY, GIVE_UP, RELEASED, LEFT -> false;
		};
	}

	/**
	 * Do what a handler decided. An acknowledgement is sent at once; the rest waits until
	 * the handler has returned, which sees the decision then. If this breaks off, the
	 * message is left to its lease: no other thread settles it.
	 */
	void decided(MessageAttempt attempt, Decision decision) {
		try {
			carryOut(attempt, decision);
		}
		catch (Throwable ex) {
			this.inFlight.leave(attempt.inFlight());
			throw ex;
		}
	}

	private void carryOut(MessageAttempt attempt, Decision decision) {
		boolean undecided = this.inFlight.move(attempt.inFlight(), Stage.UNDECIDED, Stage.SETTLING);
		if (decision.kind() == Decision.Kind.ACKNOWLEDGE) {
			acknowledge(attempt.inFlight());
			this.acks.flush();
		}
		if (undecided) {
			settle(attempt, this.call.judge(attempt, End.RETURNED, null));
		}
	}

	/**
	 * The handler returned without a decision, so another thread will decide, unless it
	 * just did.
	 */
	private void awaitDecision(MessageAttempt attempt) {
		InFlightMessage message = attempt.inFlight();
		boolean settled = !this.inFlight.move(message, Stage.SETTLING, Stage.UNDECIDED);
		if (attempt.decision() != null && (settled || this.inFlight.move(message, Stage.UNDECIDED, Stage.SETTLING))) {
			settle(attempt, this.call.judge(attempt, End.RETURNED, null));
		}
	}

	/**
	 * Acknowledge a message soon: its worker flushes when it has nothing more to do.
	 */
	private void acknowledge(InFlightMessage message) {
		if (this.settings.isAtMostOnce()) {
			this.inFlight.remove(message);
		}
		else {
			this.acks.add(message);
		}
	}

	private void acknowledged(InFlightMessage message, @Nullable Throwable failure) {
		if (failure != null) {
			logger.warn("Handler of {} in {} failed after it acknowledged the message: {}", message.id(),
					this.settings.stream(), FailureText.of(failure), this.stackTraces.of(failure, logger));
		}
		this.reporter.report(message, Outcome.HANDLED, failure);
	}

	private void retry(MessageAttempt attempt, Verdict verdict) {
		this.call.failed(attempt, verdict);
		InFlightMessage message = attempt.inFlight();
		Throwable failure = failure(verdict);
		if (leaveWithoutLease(message, failure)) {
			return;
		}
		Duration delay = verdict.delay();
		logger.warn("Attempt {} of {} on {} in {} failed, next in {}: {}", message.attempt(),
				this.settings.handling().maxAttempts(), message.id(), this.settings.stream(),
				ReadableDuration.of(delay), FailureText.of(failure), this.stackTraces.of(failure, logger));
		this.reporter.report(message, Outcome.FAILED, failure);
		this.backoffs.add(message, delay);
	}

	private void drop(MessageAttempt attempt, Verdict verdict) {
		this.call.failed(attempt, verdict);
		InFlightMessage message = attempt.inFlight();
		Throwable failure = failure(verdict);
		logger.warn("Handling {} of {} failed, it is not attempted again: {}", message.id(), this.settings.stream(),
				FailureText.of(failure), this.stackTraces.of(failure, logger));
		this.reporter.report(message, Outcome.DROPPED, failure);
		acknowledge(message);
	}

	private void giveUp(MessageAttempt attempt, Verdict verdict) {
		this.call.failed(attempt, verdict);
		InFlightMessage message = attempt.inFlight();
		Throwable failure = failure(verdict);
		if (!leaveWithoutLease(message, failure)) {
			this.deadLetters.move(message, Objects.requireNonNull(verdict.reason()), failure);
		}
	}

	private static Throwable failure(Verdict verdict) {
		return Objects.requireNonNull(verdict.failure());
	}

	private boolean leaveWithoutLease(InFlightMessage message, Throwable failure) {
		if (message.hasLease(this.ticker.getAsLong())) {
			return false;
		}
		logger.warn("Handling {} of {} failed after its lease was lost, another consumer may have it: {}", message.id(),
				this.settings.stream(), FailureText.of(failure), this.stackTraces.of(failure, logger));
		this.reporter.report(message, Outcome.LEASE_LOST, failure);
		this.inFlight.leave(message);
		return true;
	}

}
