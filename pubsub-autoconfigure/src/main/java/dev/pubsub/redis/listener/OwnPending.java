package dev.pubsub.redis.listener;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.TakenEntry;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.StreamEntry;

/**
 * Finds what Redis delivered to this consumer and this consumer never saw, because the
 * reply of a read was lost. Only for the reader's thread, while no read is under way.
 */
final class OwnPending {

	private static final int PAGE = 100;

	private static final long TIMEOUT_SECONDS = 5;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final BackoffMessages backoffs;

	private final LeaseKeeper leases;

	private final MessageReporter reporter;

	private final int maxAttempts;

	OwnPending(GroupClient client, InFlightMessages inFlight, BackoffMessages backoffs, LeaseKeeper leases,
			MessageReporter reporter, int maxAttempts) {
		this.client = client;
		this.inFlight = inFlight;
		this.backoffs = backoffs;
		this.leases = leases;
		this.reporter = reporter;
		this.maxAttempts = maxAttempts;
	}

	/**
	 * Take what was never seen. It does not cost an attempt, since no handler had it.
	 * @return the messages, in flight and queued by nobody yet
	 */
	List<InFlightMessage> recover() throws ExecutionException, InterruptedException, TimeoutException {
		List<InFlightMessage> recovered = new ArrayList<>();
		for (List<EntryId> page : unseenPages()) {
			long leaseUntil = this.leases.leaseUntil();
			List<TakenEntry> taken = this.client.scripts().take(page).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			for (int i = 0; i < page.size(); i++) {
				accept(page.get(i), taken.get(i), leaseUntil, recovered);
			}
		}
		return recovered;
	}

	/**
	 * Hand back what was never seen.
	 */
	void release() throws ExecutionException, InterruptedException, TimeoutException {
		for (List<EntryId> page : unseenPages()) {
			this.client.scripts().release(page).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
	}

	private List<List<EntryId>> unseenPages() throws ExecutionException, InterruptedException, TimeoutException {
		List<List<EntryId>> pages = new ArrayList<>();
		Set<EntryId> gone = new HashSet<>(this.inFlight.left());
		EntryId cursor = null;
		List<PendingEntry> page;
		do {
			page = this.client.commands().ownPending(cursor, PAGE).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			List<EntryId> unseen = new ArrayList<>();
			for (PendingEntry entry : page) {
				cursor = entry.id();
				gone.remove(cursor);
				if (isUnseen(entry)) {
					unseen.add(cursor);
				}
			}
			if (!unseen.isEmpty()) {
				pages.add(unseen);
			}
		}
		while (page.size() == PAGE);
		this.inFlight.forget(gone);
		return pages;
	}

	/**
	 * What was claimed only to be given up is left to its lease: it must not start.
	 */
	private boolean isUnseen(PendingEntry entry) {
		return !this.inFlight.knows(entry.id(), entry.deliveries()) && !this.backoffs.contains(entry.id())
				&& entry.deliveries() <= this.maxAttempts;
	}

	private void accept(EntryId id, TakenEntry delivery, long leaseUntil, List<InFlightMessage> recovered) {
		StreamEntry entry = delivery.entry();
		PendingEntry pending = delivery.pending();
		if (entry != null && entry.fields() != null && pending != null) {
			int attempt = Math.max(1, pending.deliveries());
			InFlightMessage message = new InFlightMessage(id, entry.fields(), attempt, 0, leaseUntil);
			if (this.inFlight.add(message) == null) {
				recovered.add(message);
			}
		}
		else if (delivery.ownership() == Ownership.PAYLOAD_GONE) {
			this.reporter.reportLost(id);
			this.client.commands().acknowledge(List.of(id));
		}
	}

}
