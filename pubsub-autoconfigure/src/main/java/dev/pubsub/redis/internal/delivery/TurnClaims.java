package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages that are pending in Redis and whose turn has come, by their ids: what
 * waits behind them is not looked at. One whose lease is not over is claimed when it is.
 * One that is pending no more was acknowledged elsewhere, and its successor is next. But
 * for two methods, only for the thread of the {@link ClaimScheduler}.
 */
final class TurnClaims {

	private static final int MOST = 128;

	private static final int PAGE = 200;

	private static final long TIMEOUT_SECONDS = 10;

	private static final Duration SHORT_WAIT = Duration.ofMillis(2);

	/**
	 * When to try again what Redis did not give although its lease is over.
	 */
	private static final long AGAIN_MILLIS = 1000;

	private final long leaseMillis;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final Takeover takeover;

	private final Suspects suspects;

	private final UsedUpEntries usedUp;

	private final Room room;

	private final GroupGuard guard;

	private final LongSupplier ticker;

	private final Queue<EntryId> next = new ConcurrentLinkedQueue<>();

	private final PriorityQueue<Later> later = new PriorityQueue<>((a, b) -> Long.signum(a.tick - b.tick));

	private final List<InFlightMessage> gone = new ArrayList<>();

	private volatile boolean held;

	/**
	 * Create claims.
	 * @param room tells how many may be claimed
	 * @param guard tells whether what is not pending any more was lost with its group
	 * @param ticker monotonic nanoseconds
	 */
	TurnClaims(Duration lease, GroupClient client, InFlightMessages inFlight, Takeover takeover, Suspects suspects,
			UsedUpEntries usedUp, Room room, GroupGuard guard, LongSupplier ticker) {
		this.leaseMillis = lease.toMillis();
		this.client = client;
		this.inFlight = inFlight;
		this.takeover = takeover;
		this.suspects = suspects;
		this.usedUp = usedUp;
		this.room = room;
		this.guard = guard;
		this.ticker = ticker;
	}

	/**
	 * The turn of a message has come. May be called by any thread.
	 */
	void add(EntryId id) {
		this.next.add(id);
	}

	/**
	 * Claim nothing more, or go on. May be called by any thread.
	 */
	void setHeld(boolean held) {
		this.held = held;
	}

	/**
	 * Claim those whose turn has come.
	 * @return whether none is left that could be claimed now
	 */
	boolean claim() throws Exception {
		forgetGone();
		long now = this.ticker.getAsLong();
		while (!this.later.isEmpty() && this.later.peek().tick - now <= 0) {
			this.next.add(this.later.remove().id);
		}
		boolean all = !this.held;
		List<EntryId> batch = all ? take() : List.of();
		while (all && !batch.isEmpty()) {
			boolean done = false;
			try {
				all = claim(batch);
				done = true;
			}
			finally {
				if (!done) {
					this.next.addAll(batch);
				}
			}
			batch = all ? take() : List.of();
		}
		return all && this.gone.isEmpty();
	}

	/**
	 * Return when the lease of the next one is over, {@code null} where there is none.
	 */
	@Nullable Duration rest() {
		Later first = this.later.peek();
		return (first != null) ? Duration.ofNanos(Math.max(1, first.tick - this.ticker.getAsLong())) : null;
	}

	private List<EntryId> take() {
		Set<EntryId> ids = new HashSet<>();
		for (EntryId id = this.next.poll(); id != null; id = (ids.size() < MOST) ? this.next.poll() : null) {
			ids.add(id);
		}
		return ids.stream().sorted().toList();
	}

	/**
	 * Claim some, and put back what there is no room for.
	 * @return whether there was room for all
	 */
	private boolean claim(List<EntryId> ids) throws Exception {
		List<PendingEntry> exhausted = new ArrayList<>();
		List<EntryId> ahead = new ArrayList<>();
		List<EntryId> others = new ArrayList<>();
		List<EntryId> suspected = new ArrayList<>();
		for (EntryId id : ids) {
			InFlightMessage held = left(id);
			if (held == null) {
				continue;
			}
			PendingEntry entry = new PendingEntry(id, this.client.consumer(), this.leaseMillis, held.attempt());
			if (this.usedUp.include(entry)) {
				exhausted.add(entry);
			}
			else if (this.takeover.isOversized(id)) {
				this.takeover.failOversized(id);
			}
			else if (this.suspects.include(entry)) {
				suspected.add(id);
			}
			else {
				(this.takeover.mayWait(entry) ? ahead : others).add(id);
			}
		}
		for (EntryId id : this.usedUp.giveUp(exhausted)) {
			this.takeover.claim(List.of(id));
		}
		look(exhausted.stream().map(PendingEntry::id).toList(), this::claimAgain);
		look(suspected, this.suspects::add);
		boolean allAhead = claim(ahead, true);
		return claim(others, false) && allAhead;
	}

	private boolean claim(List<EntryId> ids, boolean ahead) throws Exception {
		int from = 0;
		while (from < ids.size()) {
			int most = this.held ? 0 : this.room.awaitToClaim(ahead, SHORT_WAIT);
			if (most <= 0) {
				this.next.addAll(ids.subList(from, ids.size()));
				return false;
			}
			List<EntryId> batch = List.copyOf(ids.subList(from, Math.min(ids.size(), from + most)));
			if (!this.takeover.claim(batch)) {
				batch.stream().filter((id) -> left(id) != null).forEach(this.next::add);
				this.next.addAll(ids.subList(from + batch.size(), ids.size()));
				return false;
			}
			look(batch, this::claimAgain);
			from += batch.size();
		}
		return true;
	}

	/**
	 * Look at those that Redis did not give, or that are not to be claimed at once.
	 * @param claimable is given those whose leases are over
	 */
	private void look(List<EntryId> ids, Consumer<PendingEntry> claimable) throws Exception {
		List<InFlightMessage> refused = new ArrayList<>();
		List<CompletableFuture<List<PendingEntry>>> looks = new ArrayList<>();
		for (EntryId id : ids) {
			InFlightMessage held = left(id);
			if (held != null) {
				refused.add(held);
				looks.add(this.client.ownPending(id.previous(), 1));
			}
		}
		for (int i = 0; i < refused.size(); i++) {
			EntryId id = refused.get(i).id();
			List<PendingEntry> found = looks.get(i).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			if (!found.isEmpty() && found.get(0).id().equals(id)) {
				long rest = this.leaseMillis - found.get(0).idleMillis();
				if (rest > 0) {
					claimAfter(id, rest + 1);
				}
				else {
					claimable.accept(found.get(0));
				}
			}
			else if (!this.gone.contains(refused.get(i))) {
				findGone(id);
			}
		}
	}

	private void claimAgain(PendingEntry entry) {
		claimAfter(entry.id(), AGAIN_MILLIS);
	}

	private void claimAfter(EntryId id, long millis) {
		this.later.add(new Later(id, this.ticker.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis)));
	}

	/**
	 * One is pending no more: find which others are not, either.
	 */
	private void findGone(EntryId first) throws Exception {
		List<PendingEntry> page = this.client.ownPending(first.previous(), PAGE).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		Set<EntryId> pending = new HashSet<>();
		page.forEach((entry) -> pending.add(entry.id()));
		EntryId last = (page.size() == PAGE) ? page.get(PAGE - 1).id() : null;
		for (InFlightMessage message : this.inFlight.left()) {
			EntryId id = message.id();
			boolean seen = id.compareTo(first) >= 0 && (last == null || id.compareTo(last) <= 0);
			if (seen && !pending.contains(id) && !this.gone.contains(message)) {
				this.gone.add(message);
			}
		}
		this.guard.suspectLoss();
	}

	/**
	 * Forget what is pending no more, once it is known that it was not lost with its
	 * group: that goes on before it otherwise.
	 */
	private void forgetGone() {
		if (!this.gone.isEmpty() && !this.guard.isLossSuspected()) {
			List<InFlightMessage> settled = List.copyOf(this.gone);
			this.gone.clear();
			settled.stream().filter((message) -> message.stage() == Stage.LEFT).forEach(this.inFlight::remove);
		}
	}

	private @Nullable InFlightMessage left(EntryId id) {
		InFlightMessage held = this.inFlight.get(id);
		return (held != null && held.stage() == Stage.LEFT) ? held : null;
	}

	/**
	 * A message whose lease is not over.
	 *
	 * @param id its id
	 * @param tick when it is
	 */
	private record Later(EntryId id, long tick) {
	}

}
