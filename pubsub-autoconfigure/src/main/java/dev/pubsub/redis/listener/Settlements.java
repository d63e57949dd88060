package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.ReadableDuration;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.listener.DeadLetters.Reason;
import dev.pubsub.redis.listener.InFlightMessage.Decision;
import dev.pubsub.redis.listener.StreamErrorHandler.FailedAttempt;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a message after an attempt: acknowledged, attempted again or
 * given up. Thread-safe.
 */
final class Settlements {

	private static final Logger logger = LoggerFactory.getLogger(Settlements.class);

	private final Subscription subscription;

	private final String consumer;

	private final InFlightMessages inFlight;

	private final AckBatcher acks;

	private final BackoffMessages backoffs;

	private final DeadLetters deadLetters;

	private final Consumer<InFlightMessage> release;

	private final MessageReporter reporter;

	private final StackTraces stackTraces;

	private final LongSupplier ticker;

	private final OutageLog errorHandling;

	private final AtomicInteger undecided = new AtomicInteger();

	Settlements(Subscription subscription, String consumer, InFlightMessages inFlight, AckBatcher acks,
			BackoffMessages backoffs, DeadLetters deadLetters, Consumer<InFlightMessage> release,
			MessageReporter reporter, StackTraces stackTraces, LongSupplier ticker) {
		this.subscription = subscription;
		this.consumer = consumer;
		this.inFlight = inFlight;
		this.acks = acks;
		this.backoffs = backoffs;
		this.deadLetters = deadLetters;
		this.release = release;
		this.reporter = reporter;
		this.stackTraces = stackTraces;
		this.ticker = ticker;
		// It tells nothing about Redis, so that it is no outage of the container.
		this.errorHandling = new OutageLog(logger, "The error handler of " + subscription, ticker);
	}

	/**
	 * Acknowledge a message soon: its worker flushes when it has nothing more to do.
	 */
	void acknowledge(InFlightMessage message) {
		if (this.subscription.options().ackMode().isAtMostOnce()) {
			this.inFlight.remove(message);
		}
		else {
			this.acks.add(message);
		}
	}

	/**
	 * Acknowledge a message now.
	 */
	void acknowledgeNow(InFlightMessage message) {
		acknowledge(message);
		this.acks.flush();
	}

	/**
	 * Leave a message undecided: its handler returned without a decision, so another
	 * thread will decide, unless it just did.
	 */
	void awaitDecision(InFlightMessage message) {
		this.undecided.incrementAndGet();
		this.inFlight.move(message, Stage.SETTLING, Stage.UNDECIDED);
		Decision decision = message.decision();
		if (decision != null) {
			decided(message, decision);
		}
	}

	/**
	 * Settle a message whose handler returned without a decision. Does nothing while the
	 * handler runs, or after the message was settled.
	 */
	void decided(InFlightMessage message, Decision decision) {
		if (this.inFlight.move(message, Stage.UNDECIDED, Stage.SETTLING)) {
			this.undecided.decrementAndGet();
			apply(message, decision, null);
		}
	}

	/**
	 * Return how many messages wait for a decision that their handlers left to others.
	 */
	int undecided() {
		return this.undecided.get();
	}

	/**
	 * Do what the handler decided. That it acknowledged is only told: it was done when
	 * the handler said so.
	 */
	void apply(InFlightMessage message, Decision decision, @Nullable Throwable error) {
		switch (decision.kind()) {
			case ACKNOWLEDGE -> acknowledged(message, error);
			case RETRY -> failed(message,
					(error != null) ? error : new RejectedMessageException("The handler asked for another attempt"),
					decision.delay());
			case REJECT -> reject(message, (error != null) ? error : new RejectedMessageException(rejection(decision)));
		}
	}

	/**
	 * An attempt ended as the consumer stops: it is given back, another consumer begins
	 * it again.
	 */
	void release(InFlightMessage message) {
		this.release.accept(message);
	}

	/**
	 * An attempt failed.
	 * @param message the message, settling
	 * @param error why
	 * @param delay time until the next attempt, or {@code null} to follow the back-off
	 */
	void failed(InFlightMessage message, Throwable error, @Nullable Duration delay) {
		AckMode mode = this.subscription.options().ackMode();
		if (mode == AckMode.ALWAYS || mode.isAtMostOnce()) {
			drop(message, error);
			return;
		}
		Redelivery redelivery = this.subscription.redelivery();
		Reason reason = reasonToGiveUp(message, error, redelivery);
		if (reason != null) {
			giveUp(message, reason, error);
			return;
		}
		tellErrorHandler(message, error, true, false);
		if (dropIfLeaseExpired(message, error)) {
			return;
		}
		Duration wait = (delay != null) ? delay
				: redelivery.backoff().delayAfter(message.attempt(), () -> ThreadLocalRandom.current().nextDouble());
		logger.warn("Attempt {} of {} on {} in {} failed, next in {}: {}", message.attempt(), redelivery.maxAttempts(),
				message.id(), this.subscription.stream(), ReadableDuration.of(wait), FailureText.of(error),
				this.stackTraces.of(error, logger));
		this.reporter.report(message, Outcome.FAILED, error);
		this.backoffs.add(message, wait);
	}

	private static String rejection(Decision decision) {
		String text = "The handler rejected the message";
		return (decision.reason() != null) ? text + ": " + decision.reason() : text;
	}

	private void acknowledged(InFlightMessage message, @Nullable Throwable error) {
		if (error != null) {
			logger.warn("Handler of {} in {} failed after it acknowledged the message: {}", message.id(),
					this.subscription.stream(), FailureText.of(error), this.stackTraces.of(error, logger));
		}
		this.reporter.report(message, Outcome.HANDLED, error);
	}

	private void reject(InFlightMessage message, Throwable error) {
		if (this.subscription.options().ackMode().isAtMostOnce()) {
			drop(message, error);
		}
		else {
			giveUp(message, Reason.REJECTED, error);
		}
	}

	private void drop(InFlightMessage message, Throwable error) {
		tellErrorHandler(message, error, false, false);
		logger.warn("Handling {} of {} failed, it is not attempted again: {}", message.id(), this.subscription.stream(),
				FailureText.of(error), this.stackTraces.of(error, logger));
		this.reporter.report(message, Outcome.DROPPED, error);
		acknowledge(message);
	}

	private void giveUp(InFlightMessage message, Reason reason, Throwable error) {
		tellErrorHandler(message, error, false, this.subscription.deadLetters().isEnabled());
		if (!dropIfLeaseExpired(message, error)) {
			this.deadLetters.move(message, reason, error);
		}
	}

	private boolean dropIfLeaseExpired(InFlightMessage message, Throwable error) {
		if (message.hasLease(this.ticker.getAsLong())) {
			return false;
		}
		logger.warn("Handling {} of {} failed after its lease was lost, another consumer may have it: {}", message.id(),
				this.subscription.stream(), FailureText.of(error), this.stackTraces.of(error, logger));
		this.reporter.report(message, Outcome.LEASE_LOST, error);
		this.inFlight.leave(message);
		return true;
	}

	private @Nullable Reason reasonToGiveUp(InFlightMessage message, Throwable error, Redelivery redelivery) {
		if (error instanceof PayloadConversionException) {
			return Reason.UNREADABLE;
		}
		if (!redelivery.isRetryable(error)) {
			return Reason.NOT_RETRYABLE;
		}
		if (message.attempt() >= redelivery.maxAttempts()) {
			return Reason.ATTEMPTS_EXHAUSTED;
		}
		return message.isDeleted() ? Reason.ENTRY_DELETED : null;
	}

	private void tellErrorHandler(InFlightMessage message, Throwable error, boolean willRetry, boolean deadLettered) {
		StreamErrorHandler errorHandler = this.subscription.errorHandler();
		if (errorHandler == null) {
			return;
		}
		try {
			errorHandler
				.onError(new FailedAttempt(message(message), message.attempt(), error, willRetry, deadLettered));
			this.errorHandling.succeeded();
		}
		catch (Throwable ex) {
			logger.debug("Error handler failed on {} of {}", message.id(), this.subscription.stream(),
					FailureText.loggable(ex));
			this.errorHandling.failed(ex, "the messages go on without it");
		}
	}

	StreamMessage<EntryFields> message(InFlightMessage message) {
		return StreamMessage.of(message.fields(), new MessageDelivery(message, this.subscription, this.consumer));
	}

}
