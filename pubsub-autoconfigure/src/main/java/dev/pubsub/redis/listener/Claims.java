package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupScripts.Delivery;
import dev.pubsub.redis.internal.redis.GroupScripts.Ownership;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.listener.DeadLetters.Reason;
import dev.pubsub.redis.listener.InFlightMessage.Stage;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Claims entries that nobody renewed for a lease, no more than can start at once: each
 * claim counts as a delivery, and what is only queued must not pay for a neighbour that
 * ends the process. But for one method, only for the thread of the
 * {@link ClaimScheduler}.
 */
final class Claims {

	private static final int PAGE = 200;

	private static final long TIMEOUT_SECONDS = 5;

	private static final int SHORT_WAITS = 20;

	private static final long SHORT_WAIT_NANOS = Duration.ofNanos(100_000).toNanos();

	private final StreamConsumer consumer;

	private final Duration lease;

	private final int maxAttempts;

	private @Nullable EntryId cursor;

	private @Nullable InFlightMessage suspect;

	private boolean suspectsWait;

	private long claimed;

	Claims(StreamConsumer consumer) {
		this.consumer = consumer;
		this.lease = consumer.options().lease();
		this.maxAttempts = consumer.subscription().redelivery().maxAttempts();
	}

	/**
	 * Ask whether nobody renewed an entry for a lease. May be called by any thread.
	 */
	CompletableFuture<Boolean> isAnyAbandoned() {
		return this.consumer.client().commands().pending(this.lease, null, 1).thenApply((page) -> !page.isEmpty());
	}

	/**
	 * Claim one message whose back-off is over.
	 * @return whether there was room
	 */
	boolean claimDue(EntryId id) throws Exception {
		if (isHeld(id)) {
			return true;
		}
		if (awaitRoom() <= 0) {
			return false;
		}
		claim(List.of(id));
		return true;
	}

	/**
	 * Return how many messages were claimed so far.
	 */
	long claimed() {
		return this.claimed;
	}

	/**
	 * No message waits for room any more: reads need not leave any.
	 */
	void nothingWaits() {
		this.consumer.dispatcher().redeliveryDone();
	}

	/**
	 * Go on through the pending entries.
	 * @return whether all were claimed; not when there was no room, or when some have to
	 * wait for a suspect
	 */
	boolean scan() throws Exception {
		if (this.cursor == null) {
			this.suspectsWait = false;
		}
		List<PendingEntry> page;
		do {
			page = this.consumer.client()
				.commands()
				.pending(this.lease, this.cursor, PAGE)
				.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			if (!claimAll(page)) {
				return false;
			}
		}
		while (page.size() == PAGE);
		this.cursor = null;
		return !this.suspectsWait;
	}

	private boolean claimAll(List<PendingEntry> page) throws Exception {
		List<EntryId> batch = new ArrayList<>();
		int room = 0;
		for (PendingEntry entry : page) {
			if (isHeld(entry.id())) {
				continue;
			}
			if (entry.deliveries() >= this.maxAttempts) {
				claim(List.of(entry.id()));
				continue;
			}
			if (isSuspect(entry) && suspectIsWithHandler()) {
				this.suspectsWait = true;
				continue;
			}
			room = (room > 0) ? room : awaitRoom();
			if (room <= 0) {
				return false;
			}
			if (isSuspect(entry)) {
				claim(List.of(entry.id()));
				room--;
			}
			else {
				batch.add(entry.id());
				if (batch.size() >= room) {
					claim(batch);
					batch = new ArrayList<>();
					room = 0;
				}
			}
			this.cursor = batch.isEmpty() ? entry.id() : this.cursor;
		}
		if (!batch.isEmpty()) {
			claim(batch);
		}
		this.cursor = page.isEmpty() ? null : page.get(page.size() - 1).id();
		return true;
	}

	/**
	 * Return whether a message may be the one that ends the process: only one such is
	 * taken on at a time.
	 */
	private boolean isSuspect(PendingEntry entry) {
		return isSuspect(entry.deliveries() + 1);
	}

	private boolean isSuspect(int attempt) {
		return this.maxAttempts > 1 && attempt >= this.maxAttempts;
	}

	private boolean suspectIsWithHandler() {
		InFlightMessage current = this.suspect;
		return current != null && current.stage() != Stage.UNDECIDED && current.stage() != Stage.SETTLING
				&& this.consumer.inFlight().get(current.id()) == current;
	}

	private boolean isHeld(EntryId id) {
		InFlightMessage held = this.consumer.inFlight().get(id);
		return (held != null && !held.isAbandoned()) || this.consumer.backingOff().contains(id);
	}

	private int awaitRoom() {
		MessageDispatcher dispatcher = this.consumer.dispatcher();
		int room = dispatcher.roomForRedelivered();
		for (int i = 0; room <= 0 && i < SHORT_WAITS; i++) {
			LockSupport.parkNanos(this, SHORT_WAIT_NANOS);
			room = dispatcher.roomForRedelivered();
		}
		return room;
	}

	private void claim(List<EntryId> ids) throws Exception {
		long leaseUntil = this.consumer.leases().leaseUntil();
		List<Delivery> deliveries = this.consumer.client()
			.scripts()
			.claim(this.lease, ids)
			.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		this.consumer.contact().made();
		List<InFlightMessage> messages = new ArrayList<>();
		for (int i = 0; i < ids.size(); i++) {
			Delivery delivery = deliveries.get(i);
			StreamEntry entry = delivery.entry();
			PendingEntry pending = delivery.pending();
			if (entry != null && entry.fields() != null && pending != null) {
				accept(new InFlightMessage(ids.get(i), entry.fields(), pending.deliveries(), pending.idleMillis(), true,
						leaseUntil), pending.consumer(), messages);
			}
			else if (delivery.ownership() == Ownership.PAYLOAD_GONE) {
				this.consumer.client().commands().acknowledge(List.of(ids.get(i)));
				this.consumer.reporter().reportLost(ids.get(i));
			}
		}
		if (!messages.isEmpty()) {
			this.consumer.dispatcher().submitRedelivered(messages);
		}
	}

	private void accept(InFlightMessage message, String ownerBefore, List<InFlightMessage> messages) {
		boolean exhausted = message.attempt() > this.maxAttempts;
		if (exhausted) {
			message.expire();
		}
		InFlightMessage held = this.consumer.inFlight().add(message);
		if (held != null && held.isAbandoned()) {
			this.consumer.inFlight().replace(message);
		}
		else if (held != null) {
			held.setLeaseUntil(this.consumer.leases().leaseUntil());
			return;
		}
		if (!ownerBefore.equals(this.consumer.client().consumer())) {
			this.consumer.reporter().report(message, Outcome.CLAIMED);
		}
		if (exhausted) {
			this.consumer.deadLetters().move(message, Reason.ATTEMPTS_EXHAUSTED, null);
			return;
		}
		if (isSuspect(message.attempt())) {
			this.suspect = message;
		}
		this.claimed++;
		messages.add(message);
	}

}
