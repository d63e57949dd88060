package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when to claim: at once what waited for its next attempt here, and once per
 * claim interval whatever nobody renewed for a lease. One run is under way at a time, on
 * a background thread.
 */
final class ClaimScheduler {

	private static final Logger logger = LoggerFactory.getLogger(ClaimScheduler.class);

	private static final long NO_ROOM_MILLIS = 5;

	private static final long LONGEST_PAUSE_MILLIS = 200;

	private final Duration interval;

	private final Claims claims;

	private final TurnClaims turns;

	private final Contact contact;

	private final Runnable housekeeping;

	private final Runnable onFailure;

	private final OutageLog outage;

	private final Queue<InFlightMessage> due = new ConcurrentLinkedQueue<>();

	private final Loop ticks;

	private final Loop runs;

	private volatile boolean heldBack;

	private volatile long heldBackUntil;

	private volatile long pause = NO_ROOM_MILLIS;

	/** How many searches were asked for. */
	private final AtomicInteger wanted = new AtomicInteger();

	/** Those that the present scan answers: it began after them. */
	private int begun;

	/** Those that are answered. */
	private int answered;

	/** Whether Redis answered the last claim that failed: a search tells nothing then. */
	private volatile boolean refused;

	private volatile boolean paused;

	private volatile boolean stopped;

	/**
	 * Create a scheduler.
	 * @param housekeeping what else to do once per interval; must not block
	 * @param outage tells when claims fail
	 * @param onFailure what to do when a claim failed: its reply may be lost
	 */
	ClaimScheduler(Duration interval, BackgroundThreads threads, Claims claims, TurnClaims turns, Contact contact,
			Runnable housekeeping, Runnable onFailure, OutageLog outage) {
		this.interval = interval;
		this.claims = claims;
		this.turns = turns;
		this.contact = contact;
		this.housekeeping = housekeeping;
		this.onFailure = onFailure;
		this.outage = outage;
		this.ticks = threads.ticks().loop("Looking for abandoned entries", interval, this::tick);
		this.runs = new Loop("Claiming", threads.tasks(), threads.timer(), this::run);
	}

	void start() {
		scheduleTick();
	}

	void setPaused(boolean paused) {
		this.paused = paused;
		this.claims.setHeld(paused);
		this.turns.setHeld(paused);
		if (paused) {
			this.runs.pause();
		}
		else {
			this.runs.resume();
		}
	}

	void stop() {
		this.stopped = true;
		this.claims.setHeld(true);
		this.turns.setHeld(true);
		this.ticks.stop();
		this.runs.stop();
	}

	boolean isIdle() {
		return this.runs.isIdle();
	}

	/**
	 * The time of a message has come.
	 */
	void due(InFlightMessage message) {
		this.due.add(message);
		trigger();
	}

	/**
	 * The turn of a message has come that is pending in Redis.
	 */
	void claimNext(EntryId id) {
		this.turns.add(id);
		trigger();
	}

	private void scheduleTick() {
		double jitter = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
		this.ticks.wakeAfter(Duration.ofNanos((long) (this.interval.toNanos() * jitter)));
	}

	/**
	 * Ask whether there is anything to claim, without a thread that waits for the answer:
	 * mostly there is nothing.
	 */
	private void tick() {
		scheduleTick();
		if (this.paused) {
			this.outage.dismiss();
			this.claims.nothingToGiveUp();
			this.housekeeping.run();
			return;
		}
		if (this.contact.isInGrace()) {
			return;
		}
		this.claims.isAnyAbandoned().whenComplete((any, failure) -> {
			if (failure != null || any) {
				search();
			}
			else {
				nothingToClaim();
				this.housekeeping.run();
			}
		});
	}

	private void nothingToClaim() {
		if (this.due.isEmpty()) {
			this.outage.succeeded();
		}
		this.claims.nothingToGiveUp();
	}

	/**
	 * Search now for something to claim.
	 */
	void search() {
		this.wanted.incrementAndGet();
		trigger();
	}

	/**
	 * Claim now, if there is anything to claim.
	 */
	void trigger() {
		if (!isHeldBack()) {
			this.runs.wake();
		}
	}

	private void run() throws InterruptedException {
		if (isHeldBack()) {
			return;
		}
		boolean done = false;
		boolean failed = true;
		try {
			long claimedBefore = this.claims.claimed();
			done = claimAll();
			failed = false;
			if (!this.refused || this.claims.claimed() > claimedBefore) {
				this.outage.succeeded();
			}
			if (done || this.claims.claimed() > claimedBefore) {
				this.pause = NO_ROOM_MILLIS;
			}
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			logger.debug("Claiming failed, it is tried again: {}", RedisFault.of(ex), ex);
			if (!RedisFault.of(ex).isReply()) {
				this.onFailure.run();
			}
			failed(ex);
		}
		finally {
			if (done || failed || this.paused) {
				this.claims.nothingWaits();
			}
		}
		if (!done && !isHeldBack()) {
			retryLater();
		}
	}

	private boolean claimAll() throws Exception {
		try {
			boolean turns = claimTurns();
			return claimDue() && scan() && claimSuspects() && turns;
		}
		finally {
			this.claims.endOfTurn();
		}
	}

	/**
	 * Try again soon, or later where Redis will refuse for long: until then nothing is
	 * claimed, however often that is asked for.
	 */
	private void failed(Exception failure) {
		this.claims.failed();
		this.refused = RedisFault.of(failure).isReply();
		Duration soon = Duration.ofMillis(LONGEST_PAUSE_MILLIS);
		Duration delay = this.outage.failed(failure, "it is tried again", soon);
		this.pause = LONGEST_PAUSE_MILLIS;
		if (delay.compareTo(soon) > 0) {
			this.heldBackUntil = System.nanoTime() + delay.toNanos();
			this.heldBack = true;
			this.runs.wakeAfter(delay.plusMillis(1));
		}
	}

	private boolean isHeldBack() {
		if (this.heldBack && System.nanoTime() - this.heldBackUntil >= 0) {
			this.heldBack = false;
		}
		return this.heldBack;
	}

	/**
	 * Try again, less and less often while there is no room.
	 */
	private void retryLater() {
		long delay = this.pause;
		this.pause = Math.min(LONGEST_PAUSE_MILLIS, delay * 2);
		this.runs.wakeAfter(Duration.ofMillis(delay));
	}

	/**
	 * Claim what waited here. Even in the grace after a gap: Redis gives it to us only if
	 * nobody else took it.
	 * @return whether there was room for all
	 */
	private boolean claimDue() throws Exception {
		InFlightMessage message = this.due.peek();
		while (!this.stopped && message != null) {
			if (!this.claims.claimDue(message)) {
				return false;
			}
			this.due.poll();
			message = this.due.peek();
		}
		return true;
	}

	private boolean claimTurns() throws Exception {
		boolean all = this.turns.claim();
		Duration rest = this.turns.rest();
		if (rest != null) {
			this.runs.wakeAfter(rest);
		}
		return all;
	}

	private boolean claimSuspects() throws Exception {
		return this.contact.isInGrace() || this.claims.claimSuspects();
	}

	private boolean scan() throws Exception {
		if (this.wanted.get() == this.answered || this.contact.isInGrace()) {
			return true;
		}
		if (this.claims.isAtStart()) {
			this.begun = this.wanted.get();
		}
		Claims.Scan scan = scanAll();
		if (scan != Claims.Scan.IS_DONE) {
			return false;
		}
		// A search that was asked for meanwhile may be about what the scan had passed.
		this.answered = this.begun;
		this.housekeeping.run();
		return true;
	}

	/**
	 * Go through the pending entries, and claim meanwhile what waited here.
	 */
	private Claims.Scan scanAll() throws Exception {
		Claims.Scan scan = this.claims.scan();
		while (scan == Claims.Scan.GOES_ON) {
			claimTurns();
			scan = claimDue() ? this.claims.scan() : Claims.Scan.HAS_NO_ROOM;
		}
		return scan;
	}

}
