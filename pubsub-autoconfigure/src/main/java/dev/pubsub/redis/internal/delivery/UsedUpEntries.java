package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GivenUp;
import dev.pubsub.redis.internal.redis.GroupScripts.Copy;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Entries whose attempts are used up and that no consumer renewed for a lease: gives them
 * up by their ids, without a wait between one and the next. Blocks; but for one method,
 * only for the thread of the {@link ClaimScheduler}.
 */
final class UsedUpEntries {

	private static final long TIMEOUT_SECONDS = 10;

	private final DeliverySettings settings;

	private final LeaseKeeper leases;

	private final DeadLetters deadLetters;

	private final MissingPayloads missing;

	private final ReadBudget budget;

	private final OversizedEntries oversized;

	private final int maxAttempts;

	UsedUpEntries(DeliverySettings settings, LeaseKeeper leases, DeadLetters deadLetters, MissingPayloads missing,
			ReadBudget budget, OversizedEntries oversized) {
		this.settings = settings;
		this.leases = leases;
		this.deadLetters = deadLetters;
		this.missing = missing;
		this.budget = budget;
		this.oversized = oversized;
		this.maxAttempts = settings.handling().maxAttempts();
	}

	/**
	 * Return whether an entry is one of them.
	 */
	boolean include(PendingEntry entry) {
		return entry.deliveries() >= this.maxAttempts;
	}

	/**
	 * There is nothing to give up. May be called by any thread.
	 */
	void nothingToGiveUp() {
		this.deadLetters.nothingToGiveUp();
	}

	/**
	 * Give up entries. Their payloads are not fetched: one may be the reason that no
	 * consumer finished it.
	 * @return those that have too many fields for a script and are small: they have to be
	 * claimed to be given up
	 */
	List<EntryId> giveUp(List<PendingEntry> entries) throws Exception {
		List<InFlightMessage> messages = new ArrayList<>();
		List<CompletableFuture<@Nullable GivenUp>> results = new ArrayList<>();
		for (PendingEntry entry : entries) {
			InFlightMessage message = new InFlightMessage(entry.id(), EntryFields.of(), this.maxAttempts,
					entry.idleMillis(), this.leases.leaseUntil());
			boolean large = this.oversized.remove(entry.id()) != null;
			messages.add(message);
			results.add(giveUp(message, large ? Copy.NONE : Copy.ALL));
		}
		List<EntryId> payloadsGone = new ArrayList<>();
		List<EntryId> unfinished = new ArrayList<>();
		for (int i = 0; i < messages.size(); i++) {
			EntryId id = messages.get(i).id();
			GivenUp result = results.get(i).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			if (result != null && result.outcome() == GivenUp.Outcome.TOO_MANY_FIELDS) {
				if (result.bytes() <= this.budget.bytes()) {
					unfinished.add(id);
					continue;
				}
				result = giveUp(messages.get(i), Copy.ALL_OR_NONE).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			}
			if (result != null && result.outcome() == GivenUp.Outcome.PAYLOAD_GONE) {
				payloadsGone.add(id);
			}
		}
		if (!payloadsGone.isEmpty()) {
			this.missing.acknowledge(payloadsGone);
		}
		return unfinished;
	}

	private CompletableFuture<@Nullable GivenUp> giveUp(InFlightMessage message, Copy copy) {
		return this.deadLetters.giveUp(message, this.settings.lease(), copy);
	}

}
