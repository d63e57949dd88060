package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.listener.InFlightMessage.Stage;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that wait for their next attempt. Redis keeps the waiting time, as the idle
 * time of the entry, where it is no longer than the lease: then any consumer can go on
 * when this one dies. A longer wait begins here, under renewal and without the payload.
 * Both are bounded; what is over the bound waits for the lease at most. Thread-safe.
 */
final class BackoffMessages {

	private static final Logger logger = LoggerFactory.getLogger(BackoffMessages.class);

	private static final int MOST_HELD = 10_000;

	private static final int MOST_TIMERS = 10_000;

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

	private final MessageReporter reporter;

	private final Consumer<InFlightMessage> deleted;

	private final Consumer<EntryId> due;

	private final OutageLog outage;

	private final Set<EntryId> refused = ConcurrentHashMap.newKeySet();

	/** With what tells the timer of this wait from that of an earlier one. */
	private final Map<EntryId, Object> waiting = new ConcurrentHashMap<>();

	/**
	 * Create an empty waiting room.
	 * @param deleted is given messages whose entries were deleted
	 * @param due is told the id of a message whose time has come
	 */
	BackoffMessages(Duration lease, GroupClient client, InFlightMessages inFlight, BackgroundThreads threads,
			MessageReporter reporter, Consumer<InFlightMessage> deleted, Consumer<EntryId> due, OutageLog outage) {
		this.lease = lease;
		this.client = client;
		this.inFlight = inFlight;
		this.threads = threads;
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
			handBack(message, delay);
		}
		else if (this.inFlight.held() >= MOST_HELD) {
			handBack(message, this.lease);
		}
		else {
			Duration rest = this.lease.dividedBy(2);
			message.forgetFields();
			message.setStage(Stage.WAITING);
			this.inFlight.hold(message);
			this.threads.after(delay.minus(rest), () -> {
				this.inFlight.release(message);
				handBack(message, rest);
			});
		}
	}

	/**
	 * Return the ids that wait in Redis, without a message in flight.
	 */
	Collection<EntryId> ids() {
		return this.waiting.keySet();
	}

	boolean contains(EntryId id) {
		return this.waiting.containsKey(id);
	}

	private void handBack(InFlightMessage message, Duration delay) {
		if (this.inFlight.get(message.id()) != message) {
			notRefused(message);
			return;
		}
		message.setStage(Stage.HANDING_BACK);
		this.client.backoff(message.id(), this.lease.minus(delay))
			.whenComplete((ownership, failure) -> handedBack(message, delay, ownership, failure));
	}

	private void handedBack(InFlightMessage message, Duration delay, @Nullable Ownership ownership,
			@Nullable Throwable failure) {
		if (failure != null) {
			logger.debug("Cannot back off {} now", message, failure);
			this.refused.add(message.id());
			// Also when its group was lost: the new one begins before what is in flight.
			message.setStage(Stage.WAITING);
			boolean lostGroup = RedisFault.of(failure) == RedisFault.LOST_GROUP;
			Duration wait = this.outage.failed(failure, "it is tried again",
					lostGroup ? LOST_GROUP_DELAY : RETRY_DELAY);
			Duration rest = delay.minus(wait);
			this.threads.after(wait, () -> handBack(message, rest.isNegative() ? Duration.ZERO : rest));
			return;
		}
		this.refused.remove(message.id());
		this.outage.succeeded();
		if (ownership == Ownership.OWNED && this.waiting.size() < MOST_TIMERS) {
			Object wait = new Object();
			this.waiting.put(message.id(), wait);
			this.threads.after(delay.plus(CLAIM_MARGIN), () -> timeIsUp(message.id(), wait));
		}
		if (ownership == Ownership.PAYLOAD_GONE || (ownership == Ownership.LOST && message.isDeleted())) {
			deleted(message);
			return;
		}
		if (ownership == Ownership.LOST) {
			this.reporter.report(message, Outcome.LEASE_LOST);
		}
		// Not just removed: between the end of its wait and the claim nobody else knows
		// it.
		this.inFlight.leave(message);
	}

	/**
	 * The message is another consumer's now, or settled: when it was the last that could
	 * not be handed back, nothing fails any more.
	 */
	private void notRefused(InFlightMessage message) {
		if (this.refused.remove(message.id()) && this.refused.isEmpty()) {
			this.outage.succeeded();
		}
	}

	/**
	 * The entry was deleted: what is still known of it is all that there is.
	 */
	private void deleted(InFlightMessage message) {
		if (message.fields().size() == 0) {
			this.inFlight.remove(message);
			this.client.acknowledge(List.of(message.id()));
			this.reporter.reportLost(message.id());
		}
		else {
			message.markDeleted();
			this.deleted.accept(message);
		}
	}

	/**
	 * Attempt a message now that waits here.
	 * @return whether it waits here
	 */
	boolean retryNow(EntryId id) {
		InFlightMessage held = this.inFlight.get(id);
		if (held != null) {
			boolean waits = held.advance(Stage.WAITING, Stage.HANDING_BACK);
			if (waits) {
				this.inFlight.release(held);
				handBack(held, Duration.ZERO);
			}
			return waits;
		}
		Object wait = this.waiting.get(id);
		if (wait != null) {
			// It can be claimed once it is idle for the whole lease.
			this.client.backoff(id, this.lease).thenRun(() -> timeIsUp(id, wait));
		}
		return wait != null;
	}

	private void timeIsUp(EntryId id, Object wait) {
		if (this.waiting.get(id) == wait) {
			this.due.accept(id);
			this.waiting.remove(id, wait);
		}
	}

}
