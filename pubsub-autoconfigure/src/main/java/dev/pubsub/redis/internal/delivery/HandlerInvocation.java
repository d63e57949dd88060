package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.delivery.HandlerCall.End;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.observe.MessageEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the handler and has the outcome settled. Called on worker threads.
 */
final class HandlerInvocation {

	private static final Logger logger = LoggerFactory.getLogger(HandlerInvocation.class);

	private final HandlerCall call;

	private final Duration timeout;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final Settlements settlements;

	private final DeadlineWatch deadlines;

	private final MessageReporter reporter;

	private final LongSupplier ticker;

	private final ConsumerRole role;

	HandlerInvocation(HandlerCall call, Duration timeout, GroupClient client, InFlightMessages inFlight,
			Settlements settlements, DeadlineWatch deadlines, MessageReporter reporter, LongSupplier ticker,
			ConsumerRole role) {
		this.call = call;
		this.timeout = timeout;
		this.client = client;
		this.inFlight = inFlight;
		this.settlements = settlements;
		this.deadlines = deadlines;
		this.reporter = reporter;
		this.ticker = ticker;
		this.role = role;
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
		HandlerRun run = new HandlerRun(unit, start + this.timeout.toNanos());
		start(run, unit, start);
		if (run.messages().isEmpty()) {
			return;
		}
		try {
			this.deadlines.watch(run);
			List<MessageAttempt> attempts = attempts(run.messages());
			Function<Attempt, @Nullable Throwable> failures = call(attempts);
			run.end();
			settle(attempts, failures, start);
		}
		finally {
			this.deadlines.forget(run);
			// Error handlers and observers were called since the handler returned.
			Thread.interrupted();
		}
	}

	private void start(HandlerRun run, List<InFlightMessage> unit, long now) {
		for (int i = 0; i < unit.size(); i++) {
			InFlightMessage message = unit.get(i);
			message.setRun(run);
			if (!message.hasLease(now) || !this.role.mayStart(now)
					|| !this.inFlight.move(message, Stage.QUEUED, Stage.RUNNING)) {
				logger.debug("Not starting {} of {}, its lease is lost", message, this.client.group());
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

	private List<MessageAttempt> attempts(List<InFlightMessage> messages) {
		if (messages.size() == 1) {
			return List.of(attempt(messages.get(0)));
		}
		List<MessageAttempt> attempts = new ArrayList<>(messages.size());
		for (InFlightMessage message : messages) {
			attempts.add(attempt(message));
		}
		return attempts;
	}

	private MessageAttempt attempt(InFlightMessage message) {
		return new MessageAttempt(message, this.client, this.settlements, this.ticker, this.role);
	}

	private Function<Attempt, @Nullable Throwable> call(List<MessageAttempt> attempts) {
		try {
			return this.call.handle(attempts);
		}
		catch (Throwable ex) {
			return (attempt) -> ex;
		}
	}

	private void settle(List<MessageAttempt> attempts, Function<Attempt, @Nullable Throwable> failures, long start) {
		long took = this.ticker.getAsLong() - start;
		for (int i = 0; i < attempts.size(); i++) {
			settle(attempts.get(i), failures, took);
		}
	}

	private void settle(MessageAttempt attempt, Function<Attempt, @Nullable Throwable> failures, long took) {
		InFlightMessage message = attempt.inFlight();
		try {
			message.setHandled(took);
			End end = end(message);
			this.settlements.settle(attempt, this.call.judge(attempt, end, failures.apply(attempt)));
		}
		catch (Throwable ex) {
			logger.error("Settling {} of {} broke off, its lease runs out", message, this.client.group().stream(),
					FailureText.loggable(ex));
			this.inFlight.breakOff(message);
		}
	}

	private static End end(InFlightMessage message) {
		return switch (message.finish()) {
			case STOPPED -> End.STOPPED;
			case LEASE_LOST -> End.LEASE_LOST;
			case STUCK -> message.isLeaseLost() ? End.LEASE_LOST : End.TIMED_OUT;
			case TIMED_OUT -> End.TIMED_OUT;
			default -> End.RETURNED;
		};
	}

}
