package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupPosition;
import dev.pubsub.redis.internal.redis.RedisFault;
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

	private final boolean latest;

	private final GroupProgress progress;

	private final MessageReporter reporter;

	private final LongSupplier ticker;

	private volatile boolean suspected;

	private volatile boolean inDoubt;

	/**
	 * Create a guard.
	 * @param latest whether a new group begins after the last entry
	 * @param progress how far the group has come
	 * @param reporter tells of a lost group
	 * @param ticker monotonic nanoseconds
	 */
	GroupGuard(GroupClient client, boolean latest, GroupProgress progress, MessageReporter reporter,
			LongSupplier ticker) {
		this.client = client;
		this.latest = latest;
		this.progress = progress;
		this.reporter = reporter;
		this.ticker = ticker;
	}

	/**
	 * Create the group unless it exists.
	 */
	void create() throws ExecutionException, InterruptedException, TimeoutException {
		EntryId last = this.latest ? lastId() : null;
		EntryId start = (last != null) ? last : EntryId.ZERO;
		if (createFrom(start.toString())) {
			this.progress.startAfter(start);
		}
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
	 * A reply was lost: what it brought is in no table, and may have been lost with its
	 * group. For any thread.
	 */
	void suspectLossOfDeliveries() {
		this.inDoubt = true;
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
	 * Return whether {@link #beginAgainIfSuspected()} would ask Redis. For any thread.
	 */
	boolean isLossSuspected() {
		return this.suspected;
	}

	/**
	 * Have the group go on at an earlier id, if it was lost and did not begin early
	 * enough.
	 */
	void beginAgainIfSuspected() throws ExecutionException, InterruptedException, TimeoutException {
		if (this.suspected) {
			beginAgain(false);
		}
	}

	private void beginAgain(boolean certain) throws ExecutionException, InterruptedException, TimeoutException {
		boolean doubt = this.inDoubt;
		this.inDoubt = false;
		this.suspected = false;
		EntryId settled = this.progress.settledUpTo();
		EntryId back = doubt ? settled : this.progress.settledBefore();
		GroupPosition position;
		boolean done = false;
		try {
			position = this.client.beginAgain(settled, back, certain).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			done = true;
		}
		finally {
			this.inDoubt |= doubt && !done;
			this.suspected |= !done;
		}
		this.progress.isAt(position.delivered());
		if (position.moved()) {
			logger.warn("Group {} of stream {} was lost, it goes on after {}", this.client.group().group(),
					this.client.group().stream(), position.delivered());
			this.reporter.reportLostGroup(position.delivered());
		}
	}

	private @Nullable EntryId lastId() throws ExecutionException, InterruptedException, TimeoutException {
		return this.client.lastId().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private boolean createFrom(String id) throws ExecutionException, InterruptedException, TimeoutException {
		try {
			this.client.create(id).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			return true;
		}
		catch (ExecutionException ex) {
			if (RedisFault.of(ex) != RedisFault.GROUP_EXISTS) {
				throw ex;
			}
			return false;
		}
	}

}
