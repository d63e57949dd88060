package dev.pubsub.redis.listener;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.DeadLetterPlace;
import dev.pubsub.redis.internal.redis.GivenUp;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupScripts.Copy;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves messages that are given up to the dead-letter stream: copied and acknowledged in
 * one step, and only while this consumer owns them. What cannot be copied stays pending,
 * and is tried again. Thread-safe.
 */
final class DeadLetters {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private static final int MOST_OWED = 256;

	private static final int MOST_STACK_TRACE = 32_000;

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private final DeadLetterPolicy policy;

	private final @Nullable String target;

	private final DeadLetterPlace place;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final BackgroundThreads threads;

	private final Clock clock;

	private final MessageReporter reporter;

	private final OutageLog outage;

	private final GroupGuard groupGuard;

	private final StackTraces stackTraces;

	private final DeadLetterLimit limit;

	private final AtomicInteger owed = new AtomicInteger();

	DeadLetters(Subscription subscription, GroupClient client, InFlightMessages inFlight, ListenerRuntime runtime,
			GroupGuard groupGuard, MessageReporter reporter, OutageLog outage, StackTraces stackTraces) {
		this.policy = subscription.deadLetters();
		this.target = this.policy.target(client.group().stream());
		this.place = new DeadLetterPlace(this.target, this.policy.maxLength(), subscription.options().deleteAfterAck());
		this.client = client;
		this.inFlight = inFlight;
		this.threads = runtime.threads();
		this.clock = runtime.clock();
		this.groupGuard = groupGuard;
		this.reporter = reporter;
		this.outage = outage;
		this.stackTraces = stackTraces;
		this.limit = new DeadLetterLimit(client, this.target, this.policy.maxLength(), runtime.ticker());
	}

	/**
	 * Give up a message.
	 * @param message the message, settling
	 * @param reason one of the reasons of the entry format
	 * @param error why its last attempt failed, if known
	 */
	void move(InFlightMessage message, Reason reason, @Nullable Throwable error) {
		EntryFields letter = letter(message, reason, error);
		this.owed.incrementAndGet();
		send(message, letter, reason, error);
	}

	/**
	 * Give up a message whose attempts are used up, and which nobody renewed for a lease,
	 * without its payload. It is tried again with the next search if that is refused.
	 * @param message the message, which has no fields and is not in flight
	 * @param copy what the dead letter has of the fields of the entry
	 * @return what became of it, nothing when it was refused
	 */
	CompletableFuture<@Nullable GivenUp> giveUp(InFlightMessage message, Duration lease, Copy copy) {
		EntryFields letter = letter(message, Reason.ATTEMPTS_EXHAUSTED, null);
		return this.client.giveUp(message.id(), lease, message.attempt(), this.place, letter, copy)
			.handle((result, failure) -> {
				if (failure != null) {
					this.outage.failed(failure, "the messages stay pending and are tried again");
					this.reporter.report(message, Outcome.DEAD_LETTER_REFUSED, Failures.unwrap(failure));
					return null;
				}
				GivenUp.Outcome outcome = result.outcome();
				if (outcome == GivenUp.Outcome.COPIED || outcome == GivenUp.Outcome.WITHOUT_FIELDS) {
					givenUp(message, result);
				}
				return result;
			});
	}

	/**
	 * There is nothing to give up but what is owed.
	 */
	void nothingToGiveUp() {
		if (this.owed.get() == 0) {
			this.outage.succeeded();
		}
	}

	private void givenUp(InFlightMessage message, GivenUp result) {
		this.outage.succeeded();
		if (!result.owner().equals(this.client.consumer())) {
			this.reporter.report(message, MessageEvent.Kind.CLAIMED);
		}
		boolean bare = result.outcome() == GivenUp.Outcome.WITHOUT_FIELDS;
		end(message, Reason.ATTEMPTS_EXHAUSTED,
				bare ? " without its fields, which are too many or too large: it stays in its stream" : "", null);
	}

	private void send(InFlightMessage message, EntryFields letter, Reason reason, @Nullable Throwable error) {
		this.client.deadLetter(message.id(), this.place, letter, message.isDeleted()).whenComplete((moved, failure) -> {
			if (moved != null) {
				finished(message, moved, reason, error);
			}
			else if (failure != null) {
				refused(message, letter, reason, error, failure);
			}
		});
	}

	private void finished(InFlightMessage message, boolean moved, Reason reason, @Nullable Throwable error) {
		this.outage.succeeded();
		this.owed.decrementAndGet();
		if (!moved) {
			this.reporter.report(message, Outcome.LEASE_LOST);
			this.groupGuard.notOwned(message);
			this.inFlight.leave(message);
			return;
		}
		this.inFlight.remove(message);
		end(message, reason, "", error);
	}

	private void end(InFlightMessage message, Reason reason, String remark, @Nullable Throwable error) {
		if (this.target != null) {
			tell(message, reason, "copied to " + this.target + remark, error);
			this.limit.added();
			this.reporter.report(message, Outcome.DEAD_LETTERED, error);
		}
		else {
			tell(message, reason, "it has no dead-letter stream", error);
			this.reporter.report(message, Outcome.DROPPED, error);
		}
	}

	/**
	 * The only line about the last attempt: it says why that failed, too.
	 */
	private void tell(InFlightMessage message, Reason reason, String place, @Nullable Throwable error) {
		logger.warn("Giving up on {} in {} after {} ({}), {}: {}", message.id(), this.client.group(),
				(message.attempt() == 1) ? "1 attempt" : message.attempt() + " attempts", reason, place,
				(error != null) ? FailureText.of(error) : "no consumer finished it",
				this.stackTraces.of(error, logger));
	}

	private void refused(InFlightMessage message, EntryFields letter, Reason reason, @Nullable Throwable error,
			Throwable failure) {
		Duration delay = this.outage.failed(failure, "the messages stay pending and are tried again", RETRY_DELAY);
		this.reporter.report(message, Outcome.DEAD_LETTER_REFUSED, Failures.unwrap(failure));
		boolean held = this.inFlight.get(message.id()) == message;
		if (!held || this.owed.get() > MOST_OWED) {
			if (this.owed.decrementAndGet() == 0) {
				this.outage.succeeded();
			}
			this.inFlight.leave(message);
			return;
		}
		this.threads.after(delay, () -> send(message, letter, reason, error));
	}

	private EntryFields letter(InFlightMessage message, Reason reason, @Nullable Throwable error) {
		EntryFields.Builder letter = EntryFields.builder()
			.addAll(message.fields())
			.add(DeadLetterFormat.STREAM, this.client.group().stream())
			.add(DeadLetterFormat.ID, message.id().toString())
			.add(DeadLetterFormat.GROUP, this.client.group().group())
			.add(DeadLetterFormat.CONSUMER, this.client.consumer())
			.add(DeadLetterFormat.ATTEMPTS, Integer.toString(message.attempt()))
			.add(DeadLetterFormat.REASON, reason.toString())
			.add(DeadLetterFormat.TIME, Long.toString(this.clock.millis()));
		if (error != null) {
			letter.add(DeadLetterFormat.EXCEPTION, error.getClass().getName());
			if (this.policy.stackTrace()) {
				letter.add(DeadLetterFormat.STACKTRACE, stackTrace(error));
			}
		}
		InFlightMessage.Decision decision = message.decision();
		String reasonGiven = (decision != null) ? decision.reason() : null;
		String text = (reasonGiven != null) ? SafeText.of(reasonGiven) : messageOf(error);
		if (text != null) {
			letter.add(DeadLetterFormat.MESSAGE, text);
		}
		return letter.build();
	}

	/**
	 * The library's own exceptions quote no values, so that they may always be read.
	 */
	private @Nullable String messageOf(@Nullable Throwable error) {
		boolean wanted = this.policy.message() || error instanceof PubSubException;
		return (wanted && error != null) ? FailureText.messageOf(error) : null;
	}

	private static String stackTrace(Throwable error) {
		StringWriter text = new StringWriter();
		FailureText.loggable(error).printStackTrace(new PrintWriter(text));
		return text.getBuffer().substring(0, Math.min(MOST_STACK_TRACE, text.getBuffer().length()));
	}

	/**
	 * Why a message is given up.
	 */
	enum Reason {

		ATTEMPTS_EXHAUSTED("attempts-exhausted"),

		NOT_RETRYABLE("not-retryable"),

		UNREADABLE("unreadable"),

		REJECTED("rejected"),

		/**
		 * Its entry was deleted or trimmed while its handler ran, and the attempt failed.
		 */
		ENTRY_DELETED("entry-deleted");

		private final String text;

		Reason(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
