package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
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

	private static final String CONSEQUENCE = "the messages stay pending and are tried again";

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private final @Nullable String target;

	private final DeadLetterPlace place;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final Settler settler;

	private final LetterFields fields;

	private final MessageReporter reporter;

	private final OutageLog outage;

	private final Confirmations confirmations;

	private final GroupGuard groupGuard;

	private final StackTraces stackTraces;

	private final DeadLetterLimit limit;

	DeadLetters(DeliverySettings settings, GroupClient client, InFlightMessages inFlight, Settler settler,
			DeliveryRuntime runtime, GroupGuard groupGuard, MessageReporter reporter, OutageLog outage,
			StackTraces stackTraces) {
		DeliverySettings.DeadLettering deadLetters = settings.deadLetters();
		this.target = deadLetters.stream();
		this.place = new DeadLetterPlace(this.target, deadLetters.maxLength(), settings.deleteAfterAck());
		this.client = client;
		this.inFlight = inFlight;
		this.settler = settler;
		this.fields = new LetterFields(deadLetters, client, runtime.clock());
		this.groupGuard = groupGuard;
		this.reporter = reporter;
		this.outage = outage;
		this.confirmations = new Confirmations(outage, CONSEQUENCE, RETRY_DELAY);
		this.stackTraces = stackTraces;
		this.limit = new DeadLetterLimit(client, this.target, deadLetters.maxLength(), runtime.ticker());
	}

	/**
	 * Give up a message.
	 * @param message the message, settling
	 * @param reason one of the reasons of the entry format
	 * @param error why its last attempt failed, if known
	 */
	void move(InFlightMessage message, DeadLetterReason reason, @Nullable Throwable error) {
		try {
			this.settler.owe(new Letter(message, reason, error));
		}
		catch (Throwable ex) {
			this.inFlight.leave(message);
			throw ex;
		}
	}

	/**
	 * Return how many dead letters Redis has not confirmed. Their messages have their
	 * payloads.
	 */
	int owed() {
		return this.confirmations.owed();
	}

	/**
	 * Give up a message whose attempts are used up, and which nobody renewed for a lease,
	 * without its payload. It is tried again with the next search if that is refused.
	 * @param message the message, which has no fields and is not in flight
	 * @param copy what the dead letter has of the fields of the entry
	 * @return what became of it, nothing when it was refused
	 */
	CompletableFuture<@Nullable GivenUp> giveUp(InFlightMessage message, Duration lease, Copy copy) {
		EntryFields letter = this.fields.of(message, DeadLetterReason.ATTEMPTS_EXHAUSTED, null);
		return this.client.giveUp(message.id(), lease, message.attempt(), this.place, letter, copy)
			.handle((result, failure) -> {
				if (failure != null) {
					this.outage.failed(failure, CONSEQUENCE);
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
		this.confirmations.nothingElse();
	}

	private void givenUp(InFlightMessage message, GivenUp result) {
		this.outage.succeeded();
		this.inFlight.givenUp(message.id());
		if (!result.owner().equals(this.client.consumer())) {
			this.reporter.report(message, MessageEvent.Kind.CLAIMED);
		}
		boolean bare = result.outcome() == GivenUp.Outcome.WITHOUT_FIELDS;
		end(message, DeadLetterReason.ATTEMPTS_EXHAUSTED,
				bare ? " without its fields, which are too many or too large: it stays in its stream" : "", null);
	}

	private void end(InFlightMessage message, DeadLetterReason reason, String remark, @Nullable Throwable error) {
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
	private void tell(InFlightMessage message, DeadLetterReason reason, String place, @Nullable Throwable error) {
		logger.warn("Giving up on {} in {} after {} ({}), {}: {}", message.id(), this.client.group(),
				(message.attempt() == 1) ? "1 attempt" : message.attempt() + " attempts", reason, place,
				(error != null) ? FailureText.of(error) : "no consumer finished it",
				this.stackTraces.of(error, logger));
	}

	/**
	 * A dead letter that Redis has not confirmed.
	 */
	final class Letter extends Owed<Boolean> {

		private final InFlightMessage message;

		private final DeadLetterReason reason;

		private final @Nullable Throwable error;

		Letter(InFlightMessage message, DeadLetterReason reason, @Nullable Throwable error) {
			super(DeadLetters.this.confirmations);
			this.message = message;
			this.reason = reason;
			this.error = error;
		}

		@Override
		@Nullable CompletableFuture<Boolean> send() {
			if (DeadLetters.this.inFlight.get(this.message.id()) != this.message) {
				return null;
			}
			EntryFields letter = DeadLetters.this.fields.of(this.message, this.reason, this.error);
			return DeadLetters.this.client.deadLetter(this.message.id(), DeadLetters.this.place, letter,
					this.message.isDeleted());
		}

		@Override
		@Nullable Duration confirmed(Boolean moved) {
			if (moved) {
				DeadLetters.this.inFlight.remove(this.message);
				end(this.message, this.reason, "", this.error);
			}
			else {
				DeadLetters.this.reporter.report(this.message, Outcome.LEASE_LOST);
				DeadLetters.this.groupGuard.notOwned(this.message);
				DeadLetters.this.inFlight.leave(this.message);
			}
			return null;
		}

		@Override
		Duration refused(Throwable cause, Duration delay) {
			DeadLetters.this.reporter.report(this.message, Outcome.DEAD_LETTER_REFUSED, Failures.unwrap(cause));
			return delay;
		}

		@Override
		public String toString() {
			return "the dead letter of " + this.message;
		}

	}

}
