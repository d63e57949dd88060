package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to claim among the entries that nobody renewed for a lease. Each claim
 * counts as a delivery, and what is only queued would pay for a neighbour that ends the
 * process: no more is claimed than can start at once, except where that would cost the
 * first of several attempts. But for one method, only for the thread of the
 * {@link ClaimScheduler}.
 */
final class Claims {

	/**
	 * As many as fit into the buffer that a server has for each client: a limit of its
	 * output does not end the connection.
	 */
	private static final int PAGE = 128;

	private static final long TIMEOUT_SECONDS = 5;

	private static final Duration SHORT_WAIT = Duration.ofMillis(2);

	/**
	 * How long quick handlers may take to make room for more: to break off and begin
	 * again later costs more than to wait.
	 */
	private static final Duration AHEAD_WAIT = Duration.ofMillis(50);

	private final AbandonedEntries abandoned;

	private final InFlightMessages inFlight;

	private final MessageDispatcher dispatcher;

	private final Takeover takeover;

	private final Suspects suspects;

	private final UsedUpEntries usedUp;

	private final StartOrder order;

	private final ClaimUnderWay underWay;

	private @Nullable EntryId cursor;

	private @Nullable CompletableFuture<List<PendingEntry>> nextPage;

	private boolean leftOut;

	private boolean exhausted;

	private volatile boolean held;

	Claims(AbandonedEntries abandoned, InFlightMessages inFlight, MessageDispatcher dispatcher, Takeover takeover,
			Suspects suspects, UsedUpEntries usedUp, StartOrder order) {
		this.order = order;
		this.abandoned = abandoned;
		this.inFlight = inFlight;
		this.dispatcher = dispatcher;
		this.takeover = takeover;
		this.suspects = suspects;
		this.usedUp = usedUp;
		this.underWay = new ClaimUnderWay(takeover);
	}

	/**
	 * Claim nothing more, or go on. May be called by any thread.
	 */
	void setHeld(boolean held) {
		this.held = held;
	}

	/**
	 * Ask whether nobody renewed an entry for a lease. May be called by any thread.
	 */
	CompletableFuture<Boolean> isAnyAbandoned() {
		return this.abandoned.isAny();
	}

	/**
	 * Claim one message whose back-off is over.
	 * @return whether there was room
	 */
	boolean claimDue(InFlightMessage message) throws Exception {
		if (message.stage() != Stage.DUE) {
			return true;
		}
		if (awaitRoom(false) <= 0) {
			return false;
		}
		this.takeover.claim(List.of(message.id()));
		this.inFlight.leave(message);
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
		this.usedUp.nothingToGiveUp();
	}

	/**
	 * Return whether the next page is the first one.
	 */
	boolean isAtStart() {
		return this.cursor == null;
	}

	/**
	 * Go on through the pending entries by one page. What it claims is taken by the end
	 * of the scan, or by {@link #endOfTurn()}.
	 */
	Scan scan() throws Exception {
		CompletableFuture<List<PendingEntry>> asked = this.nextPage;
		this.nextPage = null;
		if (this.cursor == null) {
			this.suspects.clear();
			this.leftOut = false;
			this.exhausted = false;
		}
		List<PendingEntry> page = ((asked != null) ? asked : pageAfter(this.cursor)).get(TIMEOUT_SECONDS,
				TimeUnit.SECONDS);
		boolean isLast = page.size() < PAGE;
		if (!isLast) {
			// Asked for now, so that it is here when this page is claimed.
			this.nextPage = pageAfter(page.get(PAGE - 1).id());
		}
		if (!claimAll(page)) {
			return Scan.HAS_NO_ROOM;
		}
		return isLast ? endOfScan() : Scan.GOES_ON;
	}

	private Scan endOfScan() throws Exception {
		takeAsked();
		this.cursor = null;
		nothingWaits();
		if (!this.exhausted) {
			nothingToGiveUp();
		}
		return this.leftOut ? Scan.HAS_NO_ROOM : Scan.IS_DONE;
	}

	/**
	 * Take what was asked for, and forget what was only looked at.
	 */
	void endOfTurn() throws Exception {
		this.nextPage = null;
		takeAsked();
	}

	/**
	 * A claim failed: what it was about is searched for again.
	 */
	void failed() {
		this.cursor = null;
	}

	private void takeAsked() throws Exception {
		this.leftOut |= !this.underWay.end();
	}

	/**
	 * Claim the suspects that the last scan found, each when its turn has come. The end
	 * of one that runs on is told to whoever waits for room.
	 * @return whether none is left
	 */
	boolean claimSuspects() throws Exception {
		while (this.suspects.isAnyWaiting()) {
			this.dispatcher.workers().tellEndOfRedelivered();
			int room = this.suspects.room();
			room = (room > 0) ? Math.min(room, awaitRoom(false)) : 0;
			if (room <= 0) {
				return false;
			}
			List<EntryId> next = this.suspects.next(room);
			claim(next.stream().filter((id) -> isFree(id)).toList(), false);
			this.suspects.begin(next);
		}
		return true;
	}

	private CompletableFuture<List<PendingEntry>> pageAfter(@Nullable EntryId id) {
		return this.abandoned.page(id, PAGE);
	}

	private boolean claimAll(List<PendingEntry> page) throws Exception {
		List<PendingEntry> exhausted = new ArrayList<>();
		List<EntryId> batch = new ArrayList<>();
		boolean ahead = false;
		int room = 0;
		EntryId last = this.cursor;
		for (PendingEntry entry : page) {
			EntryId before = last;
			last = entry.id();
			if (isHeld(entry)) {
				continue;
			}
			if (this.usedUp.include(entry)) {
				exhausted.add(entry);
				continue;
			}
			if (this.takeover.isOversized(entry.id())) {
				this.takeover.failOversized(entry.id());
				continue;
			}
			if (this.suspects.include(entry)) {
				this.suspects.add(entry);
				continue;
			}
			boolean mayWait = this.takeover.mayWait(entry);
			if (room == 0 || mayWait != ahead) {
				claim(batch, ahead);
				batch = new ArrayList<>();
				ahead = mayWait;
				room = awaitRoom(ahead);
			}
			if (room <= 0) {
				this.cursor = before;
				giveUp(exhausted);
				return false;
			}
			batch.add(entry.id());
			room--;
		}
		claim(batch, ahead);
		giveUp(exhausted);
		this.cursor = page.isEmpty() ? null : page.get(page.size() - 1).id();
		return true;
	}

	private void giveUp(List<PendingEntry> entries) throws Exception {
		this.exhausted |= !entries.isEmpty();
		for (EntryId id : this.usedUp.giveUp(entries)) {
			claim(List.of(id), false);
		}
	}

	/**
	 * Claim entries.
	 * @param ahead whether they may wait for a worker: then Redis is asked for the next
	 * ones, and answers while these are handled
	 */
	private void claim(List<EntryId> batch, boolean ahead) throws Exception {
		if (batch.isEmpty()) {
			return;
		}
		if (ahead && batch.size() > 1) {
			this.leftOut |= !this.underWay.begin(batch);
		}
		else {
			takeAsked();
			this.leftOut |= !this.takeover.claim(batch);
		}
	}

	/**
	 * Return whether an entry is held here. One whose handler is stuck is given up when
	 * its attempts are used up, and not started here again before. One that could not
	 * start is left to Redis until its turn has come.
	 */
	private boolean isHeld(PendingEntry entry) {
		if (!this.order.isNext(entry.id())) {
			return true;
		}
		InFlightMessage held = this.inFlight.get(entry.id());
		return held != null && switch (held.stage()) {
			case LEFT, GONE -> false;
			case STUCK -> !this.usedUp.include(entry);
			default -> true;
		};
	}

	private boolean isFree(EntryId id) {
		InFlightMessage held = this.inFlight.get(id);
		return held == null || held.stage() == Stage.LEFT;
	}

	private int awaitRoom(boolean ahead) throws Exception {
		int room = (ahead && !this.held) ? this.dispatcher.room().toClaimAhead(this.underWay.size()) : 0;
		if (room > 0) {
			return room;
		}
		takeAsked();
		return this.held ? 0 : this.dispatcher.room().awaitToClaim(ahead, ahead ? AHEAD_WAIT : SHORT_WAIT);
	}

	/**
	 * How a scan goes.
	 */
	enum Scan {

		/**
		 * There may be more.
		 */
		GOES_ON,

		/**
		 * Entries are left that there was no room for.
		 */
		HAS_NO_ROOM,

		/**
		 * All were claimed but suspects.
		 */
		IS_DONE

	}

}
