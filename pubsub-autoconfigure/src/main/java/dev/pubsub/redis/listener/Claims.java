package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to claim among the entries that nobody renewed for a lease, no more than
 * can start at once: each claim counts as a delivery, and what is only queued must not
 * pay for a neighbour that ends the process. But for one method, only for the thread of
 * the {@link ClaimScheduler}.
 */
final class Claims {

	private static final int PAGE = 200;

	private static final long TIMEOUT_SECONDS = 5;

	private static final int SHORT_WAITS = 20;

	private static final long SHORT_WAIT_NANOS = Duration.ofNanos(100_000).toNanos();

	private final Duration lease;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final BackoffMessages backoffs;

	private final MessageDispatcher dispatcher;

	private final Takeover takeover;

	private @Nullable EntryId cursor;

	private boolean suspectsWait;

	private boolean leftOut;

	private boolean exhausted;

	Claims(Duration lease, GroupClient client, InFlightMessages inFlight, BackoffMessages backoffs,
			MessageDispatcher dispatcher, Takeover takeover) {
		this.lease = lease;
		this.client = client;
		this.inFlight = inFlight;
		this.backoffs = backoffs;
		this.dispatcher = dispatcher;
		this.takeover = takeover;
	}

	/**
	 * Ask whether nobody renewed an entry for a lease. May be called by any thread.
	 */
	CompletableFuture<Boolean> isAnyAbandoned() {
		return this.client.pending(this.lease, null, 1).thenApply((page) -> !page.isEmpty());
	}

	/**
	 * Claim one message whose back-off is over.
	 * @return whether there was room
	 */
	boolean claimDue(EntryId id) throws Exception {
		if (isInFlight(id)) {
			return true;
		}
		if (awaitRoom() <= 0) {
			return false;
		}
		this.takeover.claim(List.of(id));
		return true;
	}

	/**
	 * Return how many messages were claimed so far.
	 */
	long claimed() {
		return this.takeover.count();
	}

	/**
	 * No message waits for room any more: reads need not leave any.
	 */
	void nothingWaits() {
		this.dispatcher.redeliveryDone();
	}

	/**
	 * No message waits to be given up: another consumer may have finished those that
	 * could not be.
	 */
	void nothingToGiveUp() {
		this.takeover.nothingToGiveUp();
	}

	/**
	 * Go on through the pending entries.
	 * @return whether all were claimed; not when there was no room, or when some have to
	 * wait for a suspect
	 */
	boolean scan() throws Exception {
		if (this.cursor == null) {
			this.suspectsWait = false;
			this.leftOut = false;
			this.exhausted = false;
		}
		List<PendingEntry> page;
		do {
			page = this.client.pending(this.lease, this.cursor, PAGE).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			if (!claimAll(page)) {
				return false;
			}
		}
		while (page.size() == PAGE);
		this.cursor = null;
		nothingWaits();
		if (!this.exhausted) {
			nothingToGiveUp();
		}
		return !this.suspectsWait && !this.leftOut;
	}

	private boolean claimAll(List<PendingEntry> page) throws Exception {
		List<EntryId> batch = new ArrayList<>();
		int room = 0;
		for (PendingEntry entry : page) {
			if (isHeld(entry.id())) {
				continue;
			}
			if (this.takeover.isExhausted(entry)) {
				this.exhausted = true;
				this.takeover.giveUp(entry);
				continue;
			}
			if (this.takeover.isOversized(entry.id())) {
				this.takeover.failOversized(entry.id());
				continue;
			}
			boolean suspect = this.takeover.isSuspect(entry);
			if (suspect && this.takeover.isSuspectRunning()) {
				this.suspectsWait = true;
				continue;
			}
			room = (room > 0) ? room : awaitRoom();
			if (room <= 0) {
				return false;
			}
			room--;
			if (suspect) {
				this.takeover.claimSuspect(entry.id());
			}
			else {
				batch.add(entry.id());
			}
			if (room == 0 && !batch.isEmpty()) {
				claim(batch);
				batch = new ArrayList<>();
			}
			this.cursor = batch.isEmpty() ? entry.id() : this.cursor;
		}
		if (!batch.isEmpty()) {
			claim(batch);
		}
		this.cursor = page.isEmpty() ? null : page.get(page.size() - 1).id();
		return true;
	}

	private void claim(List<EntryId> batch) throws Exception {
		this.leftOut |= !this.takeover.claim(batch);
	}

	private boolean isHeld(EntryId id) {
		return isInFlight(id) || this.backoffs.contains(id);
	}

	private boolean isInFlight(EntryId id) {
		InFlightMessage held = this.inFlight.get(id);
		return held != null && !held.isAbandoned();
	}

	private int awaitRoom() {
		int room = this.dispatcher.roomForRedelivered();
		for (int i = 0; room <= 0 && i < SHORT_WAITS; i++) {
			LockSupport.parkNanos(this, SHORT_WAIT_NANOS);
			room = this.dispatcher.roomForRedelivered();
		}
		return room;
	}

}
