package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has messages wait for their next attempt. Redis keeps the waiting time, as the idle
 * time of the entry, where it is no longer than the lease: then any consumer can go on
 * when this one dies. A longer wait begins here, under renewal and without the payload,
 * and its end is kept beside the stream. No wait is shortened, however many there are.
 * Thread-safe.
 */
final class BackoffMessages {

	private static final Logger logger = LoggerFactory.getLogger(BackoffMessages.class);

	/**
	 * Redis must see the whole idle time when the claim comes.
	 */
	private static final Duration CLAIM_MARGIN = Duration.ofMillis(5);

	private static final Duration RETRY_DELAY = Duration.ofMillis(200);

	private final Duration lease;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final Settler settler;

	private final GroupGuard groupGuard;

	private final MessageReporter reporter;

	private final Consumer<InFlightMessage> deleted;

	private final Consumer<InFlightMessage> due;

	private final LongSupplier ticker;

	private final Confirmations confirmations;

	/**
	 * Create an empty waiting room.
	 * @param deleted is given messages whose entries were deleted, settling
	 * @param due is given messages whose time has come
	 * @param ticker monotonic nanoseconds
	 */
	BackoffMessages(Duration lease, GroupClient client, InFlightMessages inFlight, Settler settler,
			GroupGuard groupGuard, MessageReporter reporter, Consumer<InFlightMessage> deleted,
			Consumer<InFlightMessage> due, OutageLog outage, LongSupplier ticker) {
		this.lease = lease;
		this.client = client;
		this.inFlight = inFlight;
		this.settler = settler;
		this.groupGuard = groupGuard;
		this.reporter = reporter;
		this.deleted = deleted;
		this.due = due;
		this.ticker = ticker;
		this.confirmations = new Confirmations(outage, "it is tried again", RETRY_DELAY);
	}

	/**
	 * Let a message wait for its next attempt.
	 * @param message the message, settling
	 * @param delay time until the next attempt
	 */
	void add(InFlightMessage message, Duration delay) {
		try {
			this.settler.owe(new BackOff(message, delay));
		}
		catch (Throwable ex) {
			this.inFlight.leave(message);
			throw ex;
		}
	}

	/**
	 * Attempt a message now that waits here or in Redis.
	 * @return whether it waits
	 */
	boolean retryNow(EntryId id) {
		InFlightMessage held = this.inFlight.get(id);
		if (held == null || !(this.settler.find((owed) -> isOf(owed, held)) instanceof BackOff backOff)) {
			return false;
		}
		Stage stage = held.stage();
		if (stage == Stage.WAITING) {
			backOff.endNow();
			this.settler.hurry(backOff);
		}
		else if (stage == Stage.IN_REDIS) {
			// It can be claimed once it is idle for the whole lease.
			this.client.backoff(id, this.lease).thenRun(() -> this.settler.hurry(backOff));
		}
		return stage == Stage.WAITING || stage == Stage.IN_REDIS;
	}

	private static boolean isOf(Owed<?> owed, InFlightMessage message) {
		return owed instanceof BackOff backOff && backOff.message == message;
	}

	/**
	 * The wait of one message. What there is to do follows from its stage.
	 */
	final class BackOff extends Owed<Ownership> {

		private final InFlightMessage message;

		private volatile long end;

		private volatile long restMillis;

		BackOff(InFlightMessage message, Duration delay) {
			super(BackoffMessages.this.confirmations);
			this.message = message;
			this.end = BackoffMessages.this.ticker.getAsLong() + delay.toNanos();
		}

		/**
		 * Let the wait be over.
		 */
		private void endNow() {
			this.end = BackoffMessages.this.ticker.getAsLong();
		}

		@Override
		@Nullable CompletableFuture<Ownership> send() {
			return switch (this.message.stage()) {
				case SETTLING -> handBackFrom(Stage.SETTLING);
				case WAITING -> handBackFrom(Stage.WAITING);
				case HANDING_BACK -> handBack();
				case IN_REDIS, DUE -> {
					timeIsUp();
					yield null;
				}
				default -> null;
			};
		}

		private @Nullable CompletableFuture<Ownership> handBackFrom(Stage stage) {
			return BackoffMessages.this.inFlight.move(this.message, stage, Stage.HANDING_BACK) ? handBack() : null;
		}

		private CompletableFuture<Ownership> handBack() {
			this.restMillis = Math.max(0, (rest() + 999_999) / 1_000_000);
			Duration rest = Duration.ofMillis(this.restMillis);
			GroupClient client = BackoffMessages.this.client;
			return isLong() ? client.backoff(this.message.id(), Duration.ZERO, rest)
					: client.backoff(this.message.id(), BackoffMessages.this.lease.minus(rest));
		}

		private long rest() {
			return this.end - BackoffMessages.this.ticker.getAsLong();
		}

		/**
		 * Return whether Redis was told the end of a wait that is longer than the lease.
		 */
		private boolean isLong() {
			return this.restMillis > BackoffMessages.this.lease.toMillis();
		}

		@Override
		@Nullable Duration confirmed(Ownership ownership) {
			InFlightMessages inFlight = BackoffMessages.this.inFlight;
			if (ownership == Ownership.PAYLOAD_GONE || (ownership == Ownership.LOST && this.message.isDeleted())) {
				if (inFlight.move(this.message, Stage.HANDING_BACK, Stage.SETTLING)) {
					BackoffMessages.this.deleted.accept(this.message);
				}
				return null;
			}
			if (ownership != Ownership.OWNED) {
				BackoffMessages.this.reporter.report(this.message, Outcome.LEASE_LOST);
				BackoffMessages.this.groupGuard.notOwned(this.message);
				inFlight.leave(this.message);
				return null;
			}
			if (!inFlight.move(this.message, Stage.HANDING_BACK, isLong() ? Stage.WAITING : Stage.IN_REDIS)) {
				return null;
			}
			this.message.forgetFields();
			return isLong() ? untilHandBack() : Duration.ofMillis(this.restMillis).plus(CLAIM_MARGIN);
		}

		private Duration untilHandBack() {
			Duration delay = Duration.ofNanos(rest()).minus(BackoffMessages.this.lease.dividedBy(2));
			return delay.isNegative() ? Duration.ZERO : delay;
		}

		/**
		 * It goes on under renewal, also when its group was lost: the new one begins
		 * before what is in flight. Where Redis only refused to note the end of a long
		 * wait, that is the same as long as this consumer lives.
		 */
		@Override
		Duration refused(Throwable cause, Duration delay) {
			logger.debug("Cannot back off {} now", this.message, cause);
			BackoffMessages.this.inFlight.move(this.message, Stage.HANDING_BACK, Stage.WAITING);
			if (!isLong()) {
				return delay;
			}
			this.message.forgetFields();
			Duration untilHandBack = untilHandBack();
			Duration lease = BackoffMessages.this.lease;
			return (untilHandBack.compareTo(lease) < 0) ? untilHandBack : lease;
		}

		private void timeIsUp() {
			BackoffMessages.this.inFlight.move(this.message, Stage.IN_REDIS, Stage.DUE);
			if (this.message.stage() == Stage.DUE) {
				BackoffMessages.this.due.accept(this.message);
			}
		}

		@Override
		public String toString() {
			return "the wait of " + this.message;
		}

	}

}
