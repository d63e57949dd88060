package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.LargestEntry;
import dev.pubsub.redis.internal.redis.OversizedValueException;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.TakenEntry;
import org.jspecify.annotations.Nullable;

/**
 * Finds what Redis delivered to this consumer and this consumer never saw, because the
 * reply of a read was lost. Only for the reader's thread, while no read is under way.
 */
final class OwnPending {

	private static final int PAGE = 100;

	private static final long TIMEOUT_SECONDS = 10;

	private final GroupClient client;

	private final GroupClient fetches;

	private final InFlightMessages inFlight;

	private final LeaseKeeper leases;

	private final MessageReporter reporter;

	private final MissingPayloads missing;

	private final ReadBudget budget;

	private final OversizedEntries oversized;

	private final int maxAttempts;

	private @Nullable EntryId failedAlone;

	/**
	 * Create a search.
	 * @param fetches commands over the connection of the reader: payloads must not delay
	 * what is sent over the shared one
	 */
	OwnPending(GroupClient client, GroupClient fetches, InFlightMessages inFlight, LeaseKeeper leases,
			MessageReporter reporter, MissingPayloads missing, ReadBudget budget, OversizedEntries oversized,
			int maxAttempts) {
		this.client = client;
		this.fetches = fetches;
		this.inFlight = inFlight;
		this.leases = leases;
		this.reporter = reporter;
		this.missing = missing;
		this.budget = budget;
		this.oversized = oversized;
		this.maxAttempts = maxAttempts;
	}

	/**
	 * Take what was never seen. It does not cost an attempt, since no handler had it.
	 * Stops where as much came as is read at once. What fails alone twice, or is too
	 * large, is left to its lease: whoever claims it then pays with an attempt, so that
	 * it is given up in the end.
	 * @param found receives messages, in flight and queued by nobody yet
	 * @return whether that was all
	 */
	boolean recover(Consumer<List<InFlightMessage>> found)
			throws ExecutionException, InterruptedException, TimeoutException {
		List<PendingEntry> unseen = unseen();
		long bytes = 0;
		int from = 0;
		while (from < unseen.size()) {
			if (bytes >= this.budget.bytes()) {
				return false;
			}
			List<PendingEntry> page = unseen.subList(from, Math.min(unseen.size(), from + this.budget.page(PAGE)));
			long leaseUntil = this.leases.leaseUntil();
			List<TakenEntry> taken = take(page, bytes);
			List<InFlightMessage> recovered = new ArrayList<>();
			boolean all = true;
			long largest = 0;
			for (int i = 0; i < page.size(); i++) {
				long size = accept(page.get(i), taken.get(i), leaseUntil, recovered);
				largest = Math.max(largest, size);
				bytes += size;
				all &= !taken.get(i).isLeftOut();
			}
			this.budget.succeeded(largest);
			found.accept(recovered);
			if (!all) {
				return false;
			}
			from += page.size();
		}
		return true;
	}

	private List<TakenEntry> take(List<PendingEntry> page, long bytes)
			throws ExecutionException, InterruptedException, TimeoutException {
		try {
			List<TakenEntry> taken = this.fetches.take(ids(page), this.budget.limit(bytes))
				.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			this.failedAlone = null;
			return taken;
		}
		catch (ExecutionException | TimeoutException ex) {
			Throwable failure = Failures.unwrap(ex);
			if (failure instanceof TimeoutException || RedisFault.of(failure) == RedisFault.NO_REPLY) {
				failed(page, failure);
			}
			throw ex;
		}
	}

	private void failed(List<PendingEntry> page, Throwable failure) {
		this.budget.failed();
		if (page.size() > 1) {
			return;
		}
		PendingEntry entry = page.get(0);
		boolean oversized = OversizedValueException.isCauseOf(failure);
		if (oversized) {
			this.oversized.add(entry.id(), LargestEntry.BYTES);
		}
		if (oversized || entry.id().equals(this.failedAlone)) {
			this.failedAlone = null;
			this.inFlight.leave(entry.id(), entry.deliveries());
			this.reporter.reportUntaken(entry.id(), entry.deliveries(), failure);
		}
		else {
			this.failedAlone = entry.id();
		}
	}

	/**
	 * Hand back what was never seen.
	 */
	void release() throws ExecutionException, InterruptedException, TimeoutException {
		List<PendingEntry> unseen = unseen();
		for (int from = 0; from < unseen.size(); from += PAGE) {
			List<EntryId> page = ids(unseen.subList(from, Math.min(unseen.size(), from + PAGE)));
			this.client.release(page).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
	}

	private static List<EntryId> ids(List<PendingEntry> entries) {
		return entries.stream().map(PendingEntry::id).toList();
	}

	private List<PendingEntry> unseen() throws ExecutionException, InterruptedException, TimeoutException {
		List<PendingEntry> unseen = new ArrayList<>();
		EntryId cursor = null;
		List<PendingEntry> page;
		do {
			page = this.client.ownPending(cursor, PAGE).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			for (PendingEntry entry : page) {
				cursor = entry.id();
				if (isUnseen(entry)) {
					unseen.add(entry);
				}
			}
		}
		while (page.size() == PAGE);
		return unseen;
	}

	/**
	 * What was claimed only to be given up is left to its lease: it must not start.
	 */
	private boolean isUnseen(PendingEntry entry) {
		return !this.inFlight.isAskedFor(entry.id()) && !this.inFlight.knows(entry.id(), entry.deliveries())
				&& entry.deliveries() <= this.maxAttempts;
	}

	/**
	 * Accept an entry.
	 * @return how much memory it takes
	 */
	private long accept(PendingEntry unseen, TakenEntry delivery, long leaseUntil, List<InFlightMessage> recovered) {
		EntryId id = unseen.id();
		StreamEntry entry = delivery.entry();
		PendingEntry pending = delivery.pending();
		if (pending != null && (pending.deliveries() != unseen.deliveries() || !isUnseen(pending))) {
			// It was claimed since the look, and may be done with.
			return 0;
		}
		if (entry != null && entry.isLeftOut() && pending != null) {
			this.inFlight.leave(id, pending.deliveries());
			this.reporter.reportUntaken(id, pending.deliveries(),
					new OversizedEntryException(this.oversized.add(id, entry.bytes())));
			return 0;
		}
		if (entry != null && entry.fields() != null && pending != null) {
			int attempt = Math.max(1, pending.deliveries());
			InFlightMessage message = new InFlightMessage(id, entry.fields(), attempt, 0, leaseUntil);
			if (this.inFlight.add(message) == null) {
				recovered.add(message);
			}
			this.inFlight.read(id);
			return entry.bytes();
		}
		if (delivery.ownership() == Ownership.PAYLOAD_GONE) {
			this.missing.acknowledge(List.of(id));
		}
		return 0;
	}

}
