package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.RedisFault;
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

	private static final Duration LOST_GROUP_DELAY = Duration.ofSeconds(2);

	private final Duration lease;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final BackgroundThreads threads;

	private final GroupGuard groupGuard;

	private final MessageReporter reporter;

	private final Consumer<InFlightMessage> deleted;

	private final Consumer<InFlightMessage> due;

	private final OutageLog outage;

	private final AtomicInteger refused = new AtomicInteger();

	/**
	 * Create an empty waiting room.
	 * @param deleted is given messages whose entries were deleted, settling
	 * @param due is given messages whose time has come
	 */
	BackoffMessages(Duration lease, GroupClient client, InFlightMessages inFlight, BackgroundThreads threads,
			GroupGuard groupGuard, MessageReporter reporter, Consumer<InFlightMessage> deleted,
			Consumer<InFlightMessage> due, OutageLog outage) {
		this.lease = lease;
		this.client = client;
		this.inFlight = inFlight;
		this.threads = threads;
		this.groupGuard = groupGuard;
		this.reporter = reporter;
		this.deleted = deleted;
		this.due = due;
		this.outage = outage;
	}

	/**
	 * Let a message wait for its next attempt.
	 * @param message the message, settling
	 * @param delay time until the next attempt
	 */
	void add(InFlightMessage message, Duration delay) {
		if (delay.compareTo(this.lease) <= 0) {
			handBack(message, Stage.SETTLING, delay, false);
			return;
		}
		if (this.inFlight.move(message, Stage.SETTLING, Stage.HANDING_BACK)) {
			this.client.backoff(message.id(), Duration.ZERO, delay).whenComplete((ownership, failure) -> {
				if (ownership == null || ownership == Ownership.OWNED) {
					waitHere(message, delay);
				}
				else {
					handedBack(message, delay, ownership, false);
				}
			});
		}
	}

	/**
	 * Redis knows the end of the wait, for when this consumer ends before. If it refused
	 * to note it, the wait is the same as long as this consumer lives.
	 */
	private void waitHere(InFlightMessage message, Duration delay) {
		if (this.inFlight.move(message, Stage.HANDING_BACK, Stage.WAITING)) {
			message.forgetFields();
			Duration rest = this.lease.dividedBy(2);
			this.threads.after(delay.minus(rest), () -> handBack(message, Stage.WAITING, rest, false));
		}
	}

	private void handBack(InFlightMessage message, Stage from, Duration delay, boolean again) {
		if (this.inFlight.move(message, from, Stage.HANDING_BACK)) {
			this.client.backoff(message.id(), this.lease.minus(delay)).whenComplete((ownership, failure) -> {
				if (ownership != null) {
					handedBack(message, delay, ownership, again);
				}
				else {
					refused(message, delay, failure, again);
				}
			});
		}
		else if (again) {
			answered();
		}
	}

	/**
	 * It goes on under renewal, also when its group was lost: the new one begins before
	 * what is in flight.
	 */
	private void refused(InFlightMessage message, Duration delay, @Nullable Throwable failure, boolean again) {
		Throwable cause = (failure != null) ? failure : new IllegalStateException("No reply");
		logger.debug("Cannot back off {} now", message, cause);
		boolean lostGroup = RedisFault.of(cause) == RedisFault.LOST_GROUP;
		Duration wait = this.outage.failed(cause, "it is tried again", lostGroup ? LOST_GROUP_DELAY : RETRY_DELAY);
		if (!again) {
			this.refused.incrementAndGet();
		}
		if (this.inFlight.move(message, Stage.HANDING_BACK, Stage.WAITING)) {
			Duration rest = delay.minus(wait);
			this.threads.after(wait,
					() -> handBack(message, Stage.WAITING, rest.isNegative() ? Duration.ZERO : rest, true));
		}
		else {
			answered();
		}
	}

	private void handedBack(InFlightMessage message, Duration delay, Ownership ownership, boolean again) {
		this.outage.succeeded();
		if (again) {
			this.refused.decrementAndGet();
		}
		if (ownership == Ownership.PAYLOAD_GONE || (ownership == Ownership.LOST && message.isDeleted())) {
			if (this.inFlight.move(message, Stage.HANDING_BACK, Stage.SETTLING)) {
				this.deleted.accept(message);
			}
		}
		else if (ownership != Ownership.OWNED) {
			this.reporter.report(message, Outcome.LEASE_LOST);
			this.groupGuard.notOwned(message);
			this.inFlight.leave(message);
		}
		else if (this.inFlight.move(message, Stage.HANDING_BACK, Stage.IN_REDIS)) {
			message.forgetFields();
			this.threads.after(delay.plus(CLAIM_MARGIN), () -> timeIsUp(message));
		}
	}

	/**
	 * Redis answered, or the message is another consumer's now, or settled: when it was
	 * the last that could not be handed back, nothing fails any more.
	 */
	private void answered() {
		if (this.refused.decrementAndGet() == 0) {
			this.outage.succeeded();
		}
	}

	/**
	 * Attempt a message now that waits here or in Redis.
	 * @return whether it waits
	 */
	boolean retryNow(EntryId id) {
		InFlightMessage held = this.inFlight.get(id);
		if (held != null && held.stage() == Stage.WAITING) {
			handBack(held, Stage.WAITING, Duration.ZERO, false);
			return true;
		}
		if (held != null && held.stage() == Stage.IN_REDIS) {
			// It can be claimed once it is idle for the whole lease.
			this.client.backoff(id, this.lease).thenRun(() -> timeIsUp(held));
			return true;
		}
		return false;
	}

	private void timeIsUp(InFlightMessage message) {
		if (this.inFlight.move(message, Stage.IN_REDIS, Stage.DUE)) {
			this.due.accept(message);
		}
	}

}
