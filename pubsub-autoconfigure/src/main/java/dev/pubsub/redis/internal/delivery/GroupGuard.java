package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupPosition;
import dev.pubsub.redis.internal.redis.KnownProgress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the group exists: at the start, and again when it was lost, by a flush
 * or a failover. Each consumer that notices the loss says up to where it has settled
 * everything; the group goes on at the lowest id of all.
 */
final class GroupGuard {

	private static final Logger logger = LoggerFactory.getLogger(GroupGuard.class);

	private static final long TIMEOUT_SECONDS = 5;

	private final GroupClient client;

	private final DeliverySettings.Reading reading;

	private final InFlightMessages inFlight;

	private final GroupProgress progress;

	private final GroupProgress.Part part;

	private final MessageReporter reporter;

	private final LongSupplier ticker;

	private volatile boolean suspected;

	private volatile boolean asking;

	private volatile InFlightMessages.@Nullable Missed found;

	/**
	 * Create a guard.
	 * @param reading whether a new group begins after the last entry, and whether Redis
	 * settles what it delivers
	 * @param inFlight what this consumer answers for
	 * @param progress how far the group has come
	 * @param reporter tells of a lost group
	 * @param ticker monotonic nanoseconds
	 */
	GroupGuard(GroupClient client, DeliverySettings.Reading reading, InFlightMessages inFlight, GroupProgress progress,
			MessageReporter reporter, LongSupplier ticker) {
		this.client = client;
		this.reading = reading;
		this.inFlight = inFlight;
		this.progress = progress;
		this.part = progress.add(inFlight);
		this.reporter = reporter;
		this.ticker = ticker;
	}

	/**
	 * Create the group unless it exists.
	 */
	void create() throws ExecutionException, InterruptedException, TimeoutException {
		if (this.progress.isKnown()) {
			beginAgain(false);
			return;
		}
		EntryId last = this.reading.latest() ? lastId() : null;
		EntryId start = (last != null) ? last : EntryId.ZERO;
		GroupPosition position = this.client.begin(start).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		this.part.joins(position);
		if (position.moved()) {
			this.progress.startAfter(start);
		}
	}

	/**
	 * The consumer has ended, and nothing else of the subscription consumes here.
	 */
	void end() {
		this.part.end();
	}

	/**
	 * Have the group go on that was lost. It starts after what is known to be settled;
	 * where that is unknown, or the stream is another one now, at its beginning: rather
	 * twice than never.
	 */
	void beginAgain() throws ExecutionException, InterruptedException, TimeoutException {
		beginAgain(true);
	}

	/**
	 * A message is in the table, and nobody's in Redis: it is settled, or its group was
	 * lost and another consumer began it again. For any thread.
	 */
	void suspectLoss() {
		this.suspected = true;
	}

	/**
	 * What a lost reply brought was looked for: what was not found may have been lost
	 * with its group. For any thread.
	 * @param last what is known to be found, or lost, with the next answer of Redis,
	 * {@code null} while another look is to come
	 */
	void suspectLossOfDeliveries(InFlightMessages.@Nullable Missed last) {
		this.found = last;
		this.suspected = true;
	}

	/**
	 * A message is in the table, and not this consumer's in Redis. Nobody can have taken
	 * one whose lease is valid. For any thread.
	 */
	void notOwned(InFlightMessage message) {
		if (message.hasLease(this.ticker.getAsLong())) {
			suspectLoss();
		}
	}

	/**
	 * Return whether the group may have been lost, until Redis has answered
	 * {@link #beginAgainIfSuspected()}. For any thread.
	 */
	boolean isLossSuspected() {
		return this.suspected || this.asking || this.part.isBehind();
	}

	/**
	 * Have the group go on at an earlier id, if it was lost and did not begin early
	 * enough.
	 */
	void beginAgainIfSuspected() throws ExecutionException, InterruptedException, TimeoutException {
		if (isLossSuspected()) {
			beginAgain(false);
		}
	}

	private void beginAgain(boolean certain) throws ExecutionException, InterruptedException, TimeoutException {
		// First, so that there is a suspicion at any time before the answer.
		this.asking = true;
		this.suspected = false;
		InFlightMessages.Missed last = this.found;
		this.found = null;
		GroupPosition position;
		boolean done = false;
		try {
			position = this.client.beginAgain(known(certain)).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			this.part.isAt(position);
			done = true;
		}
		finally {
			if (!done) {
				this.found = last;
				this.suspected = true;
			}
			this.asking = false;
		}
		if (last != null) {
			this.inFlight.found(last);
		}
		if (position.moved()) {
			logger.warn("Group {} of stream {} was lost, it goes on after {}", this.client.group().group(),
					this.client.group().stream(), position.delivered());
			this.reporter.reportLostGroup(position.delivered());
		}
	}

	/**
	 * What Redis settles as it delivers it is settled, even if it waits for its handler,
	 * or was lost with a reply: nothing of it may start twice.
	 */
	private KnownProgress known(boolean certain) {
		if (this.reading.atMostOnce()) {
			return new KnownProgress(this.progress.delivered(), GroupProgress.NOWHERE, null, certain,
					this.part.generation());
		}
		InFlightMessages.Missed missed = this.inFlight.missed();
		return new KnownProgress(this.progress.settledUpTo(), this.progress.settledBefore(),
				(missed != null) ? missed.after() : null, certain, this.part.generation());
	}

	private @Nullable EntryId lastId() throws ExecutionException, InterruptedException, TimeoutException {
		return this.client.lastId().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

}
