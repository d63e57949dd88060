package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.StreamGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for deliveries whose reply was lost, when there is reason to suspect some: at
 * once, and again a little later, since Redis may still run a read that was given up. But
 * for what says otherwise, only for the reader's thread, while no read is under way.
 */
final class LostDeliveries {

	private static final Logger logger = LoggerFactory.getLogger(LostDeliveries.class);

	private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

	private final StreamGroup group;

	private final OwnPending ownPending;

	private final MessageDispatcher dispatcher;

	private final InFlightMessages inFlight;

	private final GroupGuard groupGuard;

	private volatile boolean suspected;

	private volatile boolean leftOut;

	private volatile long secondLookAt;

	LostDeliveries(StreamGroup group, OwnPending ownPending, MessageDispatcher dispatcher, InFlightMessages inFlight,
			GroupGuard groupGuard) {
		this.group = group;
		this.ownPending = ownPending;
		this.dispatcher = dispatcher;
		this.inFlight = inFlight;
		this.groupGuard = groupGuard;
	}

	/**
	 * A reply may be lost. For any thread.
	 */
	void suspect() {
		this.inFlight.missed(this.inFlight.highest());
		this.suspected = true;
	}

	/**
	 * Something was delivered for which there was no room. For any thread.
	 */
	void leaveOut() {
		this.leftOut = true;
	}

	/**
	 * Return whether something waits for room that was delivered: it is older than what a
	 * read would bring.
	 */
	boolean areLeftOut() {
		return this.leftOut;
	}

	/**
	 * Return whether a look is due or will be. For any thread.
	 */
	boolean areSuspected() {
		return this.suspected || this.leftOut || this.secondLookAt != 0;
	}

	/**
	 * Look for them where that is due, and have handled what is found, as much as there
	 * is room for. Looks again when that fails.
	 * @param room whether there is room for what was left out
	 */
	void find(boolean room) throws ExecutionException, InterruptedException, TimeoutException {
		boolean first = this.suspected;
		boolean second = this.secondLookAt != 0 && System.nanoTime() - this.secondLookAt >= 0;
		boolean rest = this.leftOut && room;
		if (!first && !second && !rest) {
			return;
		}
		InFlightMessages.Missed missed = this.inFlight.missed();
		this.suspected = false;
		this.leftOut = false;
		this.secondLookAt = second ? 0 : this.secondLookAt;
		boolean done = false;
		AtomicInteger found = new AtomicInteger();
		try {
			boolean all = this.ownPending.recover((messages) -> {
				found.addAndGet(messages.size());
				this.dispatcher.submit(messages);
			});
			this.leftOut |= !all;
			done = true;
		}
		finally {
			this.suspected |= !done;
			tell(found.get(), rest && !first && !second);
		}
		if (first || second) {
			// What is not found may have been lost with its group.
			this.groupGuard.suspectLossOfDeliveries((second && !first) ? missed : null);
		}
		if (first) {
			this.secondLookAt = System.nanoTime() + SECOND_LOOK.toNanos();
		}
	}

	private void tell(int found, boolean expected) {
		if (expected) {
			logger.debug("Fetched {} entries of {} that a read left out", found, this.group);
		}
		else if (found > 0) {
			logger.info("Recovered {} entries of {} whose delivery was lost", found, this.group);
		}
	}

}
