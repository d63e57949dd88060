package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.TakenEntry;
import dev.pubsub.redis.observe.MessageEvent;

/**
 * Takes over entries that nobody renewed for a lease: gets them from Redis and gives them
 * to a worker. Blocks; only for the thread of the {@link ClaimScheduler}.
 */
final class Takeover {

	private static final long TIMEOUT_SECONDS = 10;

	private static final Duration CONNECTION_WAIT = Duration.ofSeconds(2);

	private final DeliverySettings settings;

	private final GroupClient client;

	private final RedisLink recovery;

	private final GroupClient fetches;

	private final OversizedEntries oversized;

	private final InFlightMessages inFlight;

	private final LeaseKeeper leases;

	private final MessageDispatcher dispatcher;

	private final DeadLetters deadLetters;

	private final MessageReporter reporter;

	private final MissingPayloads missing;

	private final Contact contact;

	private final ReadBudget budget;

	private final GoneConsumers gone;

	private final int maxAttempts;

	private long count;

	/**
	 * Create a takeover.
	 * @param recovery connection to fetch payloads over
	 * @param fetches the commands over it
	 */
	Takeover(DeliverySettings settings, GroupClient client, RedisLink recovery, GroupClient fetches,
			InFlightMessages inFlight, LeaseKeeper leases, MessageDispatcher dispatcher, DeadLetters deadLetters,
			MessageReporter reporter, MissingPayloads missing, Contact contact, ReadBudget budget,
			OversizedEntries oversized) {
		this.settings = settings;
		this.client = client;
		this.recovery = recovery;
		this.fetches = fetches;
		this.inFlight = inFlight;
		this.leases = leases;
		this.dispatcher = dispatcher;
		this.deadLetters = deadLetters;
		this.reporter = reporter;
		this.missing = missing;
		this.contact = contact;
		this.budget = budget;
		this.oversized = oversized;
		this.gone = new GoneConsumers(settings.lease(), client);
		this.maxAttempts = settings.handling().maxAttempts();
	}

	/**
	 * Return how many messages were taken over so far.
	 */
	long count() {
		return this.count;
	}

	/**
	 * Return whether a message may wait for a worker after it was claimed. If the process
	 * ends, that costs it this attempt: only its second one, and never its last but one.
	 */
	boolean mayWait(PendingEntry entry) {
		return entry.deliveries() <= 1 && entry.deliveries() + 2 < this.maxAttempts;
	}

	/**
	 * Take over entries, where nobody was faster.
	 * @param ids their ids; a worker is free for each that has attempts left
	 * @return whether all were asked for, not when they are too large together
	 */
	boolean claim(List<EntryId> ids) throws Exception {
		return take(ask(ids));
	}

	/**
	 * Ask for entries, to be taken later.
	 * @param ids their ids
	 * @return the question, to be passed to {@link #take}
	 */
	Asked ask(List<EntryId> ids) throws Exception {
		// Whoever looks for lost deliveries meanwhile must not take these for such.
		this.inFlight.ask(ids);
		try {
			this.recovery.awaitConnection(CONNECTION_WAIT);
			long leaseUntil = this.leases.leaseUntil();
			return new Asked(ids, leaseUntil, this.fetches.claim(this.settings.lease(), ids, limit(ids)));
		}
		catch (Throwable ex) {
			this.budget.failed();
			this.inFlight.asked(ids);
			throw ex;
		}
	}

	/**
	 * Wait for entries that were asked for, and give them to the workers.
	 * @return whether all were asked for, not when they are too large together
	 */
	boolean take(Asked asked) throws Exception {
		try {
			return takeOver(asked.ids(), deliveries(asked), asked.leaseUntil());
		}
		finally {
			this.inFlight.asked(asked.ids());
		}
	}

	private boolean takeOver(List<EntryId> ids, List<TakenEntry> deliveries, long leaseUntil) {
		this.contact.made();
		List<InFlightMessage> messages = new ArrayList<>();
		long largest = 0;
		List<EntryId> payloadsGone = new ArrayList<>();
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
				payloadsGone.add(ids.get(i));
			}
		}
		if (!payloadsGone.isEmpty()) {
			this.missing.acknowledge(payloadsGone);
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

	private ReplyLimit limit(List<EntryId> ids) {
		boolean known = ids.size() == 1 && isOversized(ids.get(0));
		return known ? ReplyLimit.NO_PAYLOAD : this.budget.limit(0);
	}

	private List<TakenEntry> deliveries(Asked asked) throws Exception {
		boolean done = false;
		try {
			List<TakenEntry> deliveries = asked.deliveries().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			done = true;
			return deliveries;
		}
		finally {
			if (!done) {
				this.inFlight.missed(Collections.min(asked.ids()).previous());
				this.budget.failed();
			}
		}
	}

	private void accept(InFlightMessage message, boolean exhausted, String ownerBefore,
			List<InFlightMessage> messages) {
		InFlightMessage held = this.inFlight.add(message);
		if (held != null && exhausted && held.stage() == Stage.STUCK) {
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
			this.inFlight.move(message, Stage.QUEUED, Stage.SETTLING);
			this.deadLetters.move(message, DeadLetterReason.ATTEMPTS_EXHAUSTED, null);
			return;
		}
		this.count++;
		messages.add(message);
	}

	/**
	 * A claim that Redis was asked for.
	 *
	 * @param ids ids of the entries
	 * @param leaseUntil tick until which their leases may be relied on
	 * @param deliveries completes with what became of each
	 */
	record Asked(List<EntryId> ids, long leaseUntil, CompletableFuture<List<TakenEntry>> deliveries) {

	}

}
