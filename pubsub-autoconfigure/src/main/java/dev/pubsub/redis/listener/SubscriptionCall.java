package dev.pubsub.redis.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.delivery.Attempt;
import dev.pubsub.redis.internal.delivery.HandlerCall;
import dev.pubsub.redis.internal.delivery.Verdict;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.listener.StreamErrorHandler.FailedAttempt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Calls the handler and the error handler of a subscription. Thread-safe.
 */
final class SubscriptionCall implements HandlerCall {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionCall.class);

	private final Subscription subscription;

	private final AttemptPolicy policy;

	private final OutageLog errorHandling;

	SubscriptionCall(Subscription subscription, LongSupplier ticker) {
		this.subscription = subscription;
		this.policy = new AttemptPolicy(subscription.options().ackMode(), subscription.redelivery(),
				() -> ThreadLocalRandom.current().nextDouble());
		// It tells nothing about Redis, so that it is no outage of the container.
		this.errorHandling = new OutageLog(logger, "The error handler of " + subscription, ticker);
	}

	@Override
	public Function<Attempt, @Nullable Throwable> handle(List<? extends Attempt> attempts) {
		try {
			call(attempts);
			return (attempt) -> null;
		}
		catch (Throwable ex) {
			return failures(this.subscription.redelivery().failure(ex), attempts);
		}
	}

	private void call(List<? extends Attempt> attempts) throws Exception {
		StreamHandler handler = this.subscription.handler();
		if (handler != null) {
			Attempt attempt = attempts.get(0);
			handler.handle(attempt.message(), new MessageAcknowledgment(attempt));
			return;
		}
		List<StreamMessage<EntryFields>> messages = new ArrayList<>(attempts.size());
		List<Acknowledgment> acknowledgments = new ArrayList<>(attempts.size());
		for (Attempt attempt : attempts) {
			messages.add(attempt.message());
			acknowledgments.add(new MessageAcknowledgment(attempt));
		}
		Objects.requireNonNull(this.subscription.batchHandler()).handle(messages, acknowledgments);
	}

	/**
	 * A batch failure that names no message of the batch says nothing about which of them
	 * succeeded: all failed.
	 */
	private Function<Attempt, @Nullable Throwable> failures(Throwable failure, List<? extends Attempt> attempts) {
		if (this.subscription.isBatch() && failure instanceof BatchFailureException batch) {
			Map<RecordId, Throwable> failures = batch.getFailures();
			if (attempts.stream().anyMatch((attempt) -> failures.containsKey(attempt.message().id()))) {
				return (attempt) -> {
					Throwable one = failures.get(attempt.message().id());
					return (one != null) ? this.subscription.redelivery().failure(one) : null;
				};
			}
		}
		return (attempt) -> failure;
	}

	@Override
	public Verdict judge(Attempt attempt, End end, @Nullable Throwable failure) {
		return this.policy.judge(attempt, end, failure);
	}

	@Override
	public void failed(Attempt attempt, Verdict verdict) {
		StreamErrorHandler errorHandler = this.subscription.errorHandler();
		Throwable failure = verdict.failure();
		if (errorHandler == null || failure == null) {
			return;
		}
		StreamMessage<EntryFields> message = attempt.message();
		boolean deadLettered = verdict.kind() == Verdict.Kind.GIVE_UP && this.subscription.deadLetters().isEnabled();
		try {
			errorHandler.onError(new FailedAttempt(message, attempt.number(), failure,
					verdict.kind() == Verdict.Kind.RETRY, deadLettered));
			this.errorHandling.succeeded();
		}
		catch (Throwable ex) {
			logger.debug("Error handler failed on {} of {}", message.id(), this.subscription.stream(),
					FailureText.loggable(ex));
			this.errorHandling.failed(ex, "the messages go on without it");
		}
	}

}
