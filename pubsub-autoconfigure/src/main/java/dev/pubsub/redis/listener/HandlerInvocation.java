package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.listener.InFlightMessage.Decision;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the handler of a subscription and has the outcome settled. Called on worker
 * threads.
 */
final class HandlerInvocation {

	private static final Logger logger = LoggerFactory.getLogger(HandlerInvocation.class);

	private final Subscription subscription;

	private final InFlightMessages inFlight;

	private final Settlements settlements;

	private final DeadlineWatch deadlines;

	private final MessageReporter reporter;

	private final LongSupplier ticker;

	HandlerInvocation(Subscription subscription, InFlightMessages inFlight, Settlements settlements,
			DeadlineWatch deadlines, MessageReporter reporter, LongSupplier ticker) {
		this.subscription = subscription;
		this.inFlight = inFlight;
		this.settlements = settlements;
		this.deadlines = deadlines;
		this.reporter = reporter;
		this.ticker = ticker;
	}

	/**
	 * Handle messages at once: one, unless the subscription wants batches.
	 * @param unit the messages, queued
	 */
	void run(List<InFlightMessage> unit) {
		try {
			handle(unit);
		}
		catch (Throwable ex) {
			this.inFlight.leaveUnfinished(unit);
			throw ex;
		}
	}

	private void handle(List<InFlightMessage> unit) {
		long start = this.ticker.getAsLong();
		HandlerRun run = new HandlerRun(unit, start + this.subscription.redelivery().timeout().toNanos());
		start(run, unit, start);
		if (run.messages().isEmpty()) {
			return;
		}
		try {
			this.deadlines.watch(run);
			Throwable failure = invoke(run.messages());
			run.end();
			settle(run.messages(), failure, start);
		}
		finally {
			this.deadlines.forget(run);
			// Error handlers and observers were called since the handler returned.
			Thread.interrupted();
		}
	}

	private void settle(List<InFlightMessage> started, @Nullable Throwable failure, long start) {
		Duration took = Duration.ofNanos(this.ticker.getAsLong() - start);
		for (InFlightMessage message : started) {
			try {
				message.setHandled(took);
				finish(message, failureOf(message, failure, started));
			}
			catch (Throwable ex) {
				logger.error("Settling {} of {} broke off, its lease runs out", message, this.subscription.stream(),
						FailureText.loggable(ex));
				this.inFlight.leave(message);
			}
		}
	}

	private void start(HandlerRun run, List<InFlightMessage> unit, long now) {
		for (InFlightMessage message : unit) {
			message.setRun(run);
			if (!message.hasLease(now) || !this.inFlight.move(message, Stage.QUEUED, Stage.RUNNING)) {
				logger.debug("Not starting {} of {}, its lease is lost", message, this.subscription.stream());
				// Its group may be lost with its lease: then only this consumer knows of
				// it.
				this.inFlight.leave(message);
				run.drop(message);
			}
			else {
				this.reporter.report(message, MessageEvent.Kind.STARTED);
			}
		}
	}

	private @Nullable Throwable invoke(List<InFlightMessage> started) {
		try {
			call(started);
			return null;
		}
		catch (Throwable ex) {
			return this.subscription.redelivery().failure(ex);
		}
	}

	private void call(List<InFlightMessage> started) throws Exception {
		if (started.size() == 1) {
			InFlightMessage message = started.get(0);
			this.subscription.handler()
				.handle(List.of(this.settlements.message(message)), List.of(acknowledgment(message)));
			return;
		}
		List<StreamMessage<EntryFields>> messages = new ArrayList<>(started.size());
		List<Acknowledgment> acknowledgments = new ArrayList<>(started.size());
		for (InFlightMessage message : started) {
			messages.add(this.settlements.message(message));
			acknowledgments.add(acknowledgment(message));
		}
		this.subscription.handler().handle(messages, acknowledgments);
	}

	private Acknowledgment acknowledgment(InFlightMessage message) {
		return new MessageAcknowledgment(message, this.settlements, this.ticker);
	}

	/**
	 * Return why a message failed. A batch failure that names no message of the batch
	 * says nothing about who succeeded: all failed.
	 */
	private @Nullable Throwable failureOf(InFlightMessage message, @Nullable Throwable failure,
			List<InFlightMessage> started) {
		if (this.subscription.isBatch() && failure instanceof BatchFailureException batch
				&& started.stream().anyMatch((one) -> batch.getFailures().containsKey(one.id().toRecordId()))) {
			Throwable one = batch.getFailures().get(message.id().toRecordId());
			return (one != null) ? this.subscription.redelivery().failure(one) : null;
		}
		return failure;
	}

	private void finish(InFlightMessage message, @Nullable Throwable failure) {
		Stage end = message.finish();
		Decision decision = message.decision();
		boolean leaseLost = end == Stage.LEASE_LOST || (end == Stage.STUCK && message.isLeaseLost());
		if (leaseLost && !message.isAcknowledged()) {
			finishWithoutLease(message, failure);
		}
		else if (end == Stage.STOPPED && isCutOff(decision, failure)) {
			this.settlements.release(message);
		}
		else if (decision != null) {
			this.settlements.apply(message, decision, failure);
		}
		else if (end == Stage.TIMED_OUT || end == Stage.STUCK) {
			this.settlements.failed(message,
					new HandlerTimeoutException(this.subscription.redelivery().timeout(), failure), null);
		}
		else if (failure != null) {
			this.settlements.failed(message, failure, null);
		}
		else if (this.subscription.options().ackMode() == AckMode.MANUAL) {
			this.settlements.awaitDecision(message);
		}
		else {
			this.reporter.report(message, Outcome.HANDLED);
			this.settlements.acknowledge(message);
		}
	}

	/**
	 * Return whether a handler that was interrupted as the consumer stops did not finish.
	 */
	private boolean isCutOff(@Nullable Decision decision, @Nullable Throwable failure) {
		AckMode mode = this.subscription.options().ackMode();
		boolean undecided = decision == null && (failure != null || mode == AckMode.MANUAL);
		return !mode.isAtMostOnce() && (undecided || (decision != null && decision.kind() == Decision.Kind.RETRY));
	}

	private void finishWithoutLease(InFlightMessage message, @Nullable Throwable failure) {
		boolean handled = failure == null && message.decision() == null
				&& this.subscription.options().ackMode() != AckMode.MANUAL;
		if (handled) {
			this.reporter.report(message, Outcome.HANDLED);
			this.settlements.acknowledge(message);
		}
		else {
			logger.debug("Handling {} of {} ended without its lease", message, this.subscription.stream(), failure);
			this.inFlight.leave(message);
		}
	}

}
