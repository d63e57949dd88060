package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GivenUp;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupScripts.Copy;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.TakenEntry;
import dev.pubsub.redis.listener.DeadLetters.Reason;
import dev.pubsub.redis.listener.InFlightMessage.Stage;
import dev.pubsub.redis.observe.MessageEvent;
import org.jspecify.annotations.Nullable;

/**
 * Takes over entries that nobody renewed for a lease: gets them from Redis, gives them to
 * a worker, or up where their attempts are used up. Blocks; only for the thread of the
 * {@link ClaimScheduler}.
 */
final class Takeover {

	private static final long TIMEOUT_SECONDS = 10;

	private static final Duration CONNECTION_WAIT = Duration.ofSeconds(2);

	private final Subscription subscription;

	private final GroupClient client;

	private final RedisLink recovery;

	private final GroupClient fetches;

	private final OversizedEntries oversized;

	private final InFlightMessages inFlight;

	private final LeaseKeeper leases;

	private final MessageDispatcher dispatcher;

	private final DeadLetters deadLetters;

	private final MessageReporter reporter;

	private final Contact contact;

	private final ReadBudget budget;

	private final GoneConsumers gone;

	private final int maxAttempts;

	private @Nullable EntryId suspect;

	private long count;

	/**
	 * Create a takeover.
	 * @param recovery connection to fetch payloads over
	 * @param fetches the commands over it
	 */
	Takeover(Subscription subscription, GroupClient client, RedisLink recovery, GroupClient fetches,
			InFlightMessages inFlight, LeaseKeeper leases, MessageDispatcher dispatcher, DeadLetters deadLetters,
			MessageReporter reporter, Contact contact, ReadBudget budget, OversizedEntries oversized) {
		this.subscription = subscription;
		this.client = client;
		this.recovery = recovery;
		this.fetches = fetches;
		this.inFlight = inFlight;
		this.leases = leases;
		this.dispatcher = dispatcher;
		this.deadLetters = deadLetters;
		this.reporter = reporter;
		this.contact = contact;
		this.budget = budget;
		this.oversized = oversized;
		this.gone = new GoneConsumers(subscription.options().lease(), client);
		this.maxAttempts = subscription.redelivery().maxAttempts();
	}

	/**
	 * Return how many messages were taken over so far.
	 */
	long count() {
		return this.count;
	}

	/**
	 * Return whether a message will have used up its attempts.
	 */
	boolean isExhausted(PendingEntry entry) {
		return entry.deliveries() >= this.maxAttempts;
	}

	/**
	 * Return whether a message may be the one that ends the process: only one such is
	 * taken on at a time.
	 */
	boolean isSuspect(PendingEntry entry) {
		return this.maxAttempts > 1 && entry.deliveries() + 1 >= this.maxAttempts;
	}

	/**
	 * Return whether a suspect was taken on and its handler is not done with it.
	 */
	boolean isSuspectRunning() {
		InFlightMessage current = (this.suspect != null) ? this.inFlight.get(this.suspect) : null;
		return current != null && !current.isAbandoned() && current.stage().isBeforeItsEnd();
	}

	/**
	 * Take over a suspect, for which a worker is free.
	 */
	void claimSuspect(EntryId id) throws Exception {
		this.suspect = id;
		claim(List.of(id));
	}

	/**
	 * Give up an entry whose attempts are used up, by its id. Its payload is not fetched:
	 * it may be the reason that nobody finished it. Only one with too many fields for a
	 * script is, if it is small.
	 */
	void giveUp(PendingEntry entry) throws Exception {
		InFlightMessage message = new InFlightMessage(entry.id(), EntryFields.of(), this.maxAttempts,
				entry.idleMillis(), this.leases.leaseUntil());
		boolean large = this.oversized.remove(entry.id()) != null;
		GivenUp result = giveUp(message, large ? Copy.NONE : Copy.ALL);
		if (result != null && result.outcome() == GivenUp.Outcome.TOO_MANY_FIELDS) {
			if (result.bytes() <= this.budget.bytes()) {
				claim(List.of(entry.id()));
				return;
			}
			result = giveUp(message, Copy.ALL_OR_NONE);
		}
		if (result != null && result.outcome() == GivenUp.Outcome.PAYLOAD_GONE) {
			this.client.acknowledge(List.of(entry.id()));
			this.reporter.reportLost(entry.id());
		}
	}

	/**
	 * There is nothing to give up. May be called by any thread.
	 */
	void nothingToGiveUp() {
		this.deadLetters.nothingToGiveUp();
	}

	private @Nullable GivenUp giveUp(InFlightMessage message, Copy copy) throws Exception {
		return this.deadLetters.giveUp(message, this.subscription.options().lease(), copy)
			.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * Take over entries, where nobody was faster.
	 * @param ids their ids; a worker is free for each that has attempts left
	 * @return whether all were asked for, not when they are too large together
	 */
	boolean claim(List<EntryId> ids) throws Exception {
		long leaseUntil = this.leases.leaseUntil();
		List<TakenEntry> deliveries = fetch(ids);
		this.contact.made();
		List<InFlightMessage> messages = new ArrayList<>();
		long largest = 0;
		boolean all = true;
		for (int i = 0; i < ids.size(); i++) {
			TakenEntry delivery = deliveries.get(i);
			StreamEntry entry = delivery.entry();
			PendingEntry pending = delivery.pending();
			all &= !delivery.isLeftOut();
			if (entry != null && entry.isLeftOut() && pending != null) {
				untaken(ids.get(i), pending.deliveries(), entry.bytes());
			}
			else if (entry != null && entry.fields() != null && pending != null) {
				largest = Math.max(largest, entry.bytes());
				boolean exhausted = pending.deliveries() > this.maxAttempts;
				int attempt = Math.min(pending.deliveries(), this.maxAttempts);
				InFlightMessage message = new InFlightMessage(ids.get(i), entry.fields(), attempt, pending.idleMillis(),
						leaseUntil);
				accept(message, exhausted, pending.consumer(), messages);
			}
			else if (delivery.ownership() == Ownership.PAYLOAD_GONE) {
				this.client.acknowledge(List.of(ids.get(i)));
				this.reporter.reportLost(ids.get(i));
			}
		}
		if (!messages.isEmpty()) {
			this.dispatcher.submitRedelivered(messages);
		}
		this.budget.succeeded(largest);
		return all;
	}

	private void untaken(EntryId id, int deliveries, long bytes) {
		this.inFlight.leave(id, deliveries);
		this.reporter.reportUntaken(id, deliveries, new OversizedEntryException(this.oversized.add(id, bytes)));
	}

	/**
	 * Return whether an entry was found too large before.
	 */
	boolean isOversized(EntryId id) {
		return this.oversized.contains(id);
	}

	/**
	 * Pay with an attempt for an entry that is too large, without asking Redis for its
	 * payload again.
	 */
	void failOversized(EntryId id) throws Exception {
		claim(List.of(id));
	}

	private List<TakenEntry> fetch(List<EntryId> ids) throws Exception {
		boolean known = ids.size() == 1 && isOversized(ids.get(0));
		ReplyLimit limit = known ? ReplyLimit.NO_PAYLOAD : this.budget.limit(0);
		boolean done = false;
		try {
			this.recovery.awaitConnection(CONNECTION_WAIT);
			List<TakenEntry> deliveries = this.fetches.claim(this.subscription.options().lease(), ids, limit)
				.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			done = true;
			return deliveries;
		}
		finally {
			if (!done) {
				this.budget.failed();
			}
		}
	}

	private void accept(InFlightMessage message, boolean exhausted, String ownerBefore,
			List<InFlightMessage> messages) {
		if (exhausted) {
			message.setStage(Stage.SETTLING);
		}
		InFlightMessage held = this.inFlight.add(message);
		if (held != null && held.isAbandoned()) {
			this.inFlight.replace(message);
		}
		else if (held != null) {
			held.setLeaseUntil(this.leases.leaseUntil());
			return;
		}
		if (!ownerBefore.equals(this.client.consumer())) {
			this.reporter.report(message, MessageEvent.Kind.CLAIMED);
			this.gone.tookFrom(ownerBefore);
		}
		if (exhausted) {
			this.deadLetters.move(message, Reason.ATTEMPTS_EXHAUSTED, null);
			return;
		}
		this.count++;
		messages.add(message);
	}

}
