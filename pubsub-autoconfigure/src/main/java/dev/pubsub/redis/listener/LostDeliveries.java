package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

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

	private volatile boolean suspected;

	private volatile long secondLookAt;

	LostDeliveries(StreamGroup group, OwnPending ownPending, MessageDispatcher dispatcher) {
		this.group = group;
		this.ownPending = ownPending;
		this.dispatcher = dispatcher;
	}

	/**
	 * A reply may be lost. For any thread.
	 */
	void suspect() {
		this.suspected = true;
	}

	/**
	 * Return whether a look is due or will be. For any thread.
	 */
	boolean areSuspected() {
		return this.suspected || this.secondLookAt != 0;
	}

	/**
	 * Look for them where that is due, and have handled what is found. Looks again when
	 * that fails.
	 */
	void find() throws ExecutionException, InterruptedException, TimeoutException {
		boolean first = this.suspected;
		if (!first && (this.secondLookAt == 0 || System.nanoTime() - this.secondLookAt < 0)) {
			return;
		}
		this.suspected = false;
		this.secondLookAt = 0;
		boolean done = false;
		try {
			List<InFlightMessage> found = this.ownPending.recover();
			done = true;
			if (!found.isEmpty()) {
				logger.info("Recovered {} entries of {} whose delivery was lost", found.size(), this.group);
				this.dispatcher.submit(found);
			}
		}
		finally {
			this.suspected |= !done;
		}
		if (first) {
			this.secondLookAt = System.nanoTime() + SECOND_LOOK.toNanos();
		}
	}

}
