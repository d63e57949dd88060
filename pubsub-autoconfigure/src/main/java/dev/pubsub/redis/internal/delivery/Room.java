package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Knows how many messages a consumer has room for: to read, to claim, and to work on.
 * Fast handlers are given work ahead, slow ones are not, and some room is left to
 * redelivered messages while they wait. One thread waits for room to read, and one for
 * room to claim. Thread-safe, lock-free.
 */
final class Room {

	/**
	 * How long an acknowledgement may be under way, on a busy machine.
	 */
	private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofMillis(100);

	private static final int MOST_UNACKNOWLEDGED = 256;

	private final Slots slots;

	private final SharedWorkers.@Nullable Share share;

	private final int readCount;

	private final int batchSize;

	private final ReadBudget budget;

	private final WaitingMessages waiting;

	private final HandlerPace pace;

	private final StartOrder order;

	private final WaitingThread reader = new WaitingThread();

	private final WaitingThread claimer = new WaitingThread();

	private volatile boolean closed;

	private volatile boolean redeliveryWaits;

	private volatile boolean moreUnread;

	/**
	 * Create the room of a consumer.
	 * @param settings gives the sizes
	 * @param budget how much may be read
	 * @param slots its workers
	 * @param share what it shares with other consumers, if there are others
	 * @param waiting messages that wait for a worker
	 * @param pace how fast its handlers are
	 * @param order messages that wait for others
	 */
	Room(DeliverySettings settings, ReadBudget budget, Slots slots, SharedWorkers.@Nullable Share share,
			WaitingMessages waiting, HandlerPace pace, StartOrder order) {
		this.slots = slots;
		this.share = share;
		this.readCount = settings.reading().count();
		this.batchSize = settings.batchSize();
		this.budget = budget;
		this.waiting = waiting;
		this.pace = pace;
		this.order = order;
	}

	/**
	 * Say whether new messages wait in Redis, as far as the last read tells.
	 * @param more whether it brought as many as it asked for
	 */
	void setMoreUnread(boolean more) {
		if (this.moreUnread != more) {
			this.moreUnread = more;
		}
	}

	/**
	 * Wait until a read is worthwhile, at most as long as given.
	 * @return how many messages to read, 0 when the time was up
	 */
	int awaitToRead(Duration atMost) {
		return this.reader.awaitRoom(this::toRead, atMost);
	}

	/**
	 * Wait until a read or a look is worthwhile, at most as long as given.
	 */
	void awaitToLook(Duration atMost) {
		this.reader.awaitRoom(() -> Math.max(toRead(), toLook()), atMost);
	}

	/**
	 * Wait until redelivered messages may be claimed, at most as long as given.
	 * @param ahead whether they may wait for a worker
	 * @return how many, 0 when the time was up
	 */
	int awaitToClaim(boolean ahead, Duration atMost) {
		return this.claimer.awaitRoom(ahead ? () -> toClaimAhead(0) : this::toClaim, atMost);
	}

	/**
	 * Return how many messages to read now, 0 when that is not worthwhile.
	 */
	int toRead() {
		int reserved = this.redeliveryWaits ? redeliveryShare() : 0;
		int idle = this.slots.free(reserved) * this.batchSize;
		int wanted = Math.min(this.readCount, idle + ahead() - this.waiting.size());
		int room = withinBudget(wanted, this.order.parked());
		boolean worthwhile = this.waiting.size() == 0
				|| room >= this.budget.worthwhile(Math.min(this.readCount, ahead() / 2));
		return worthwhile ? Math.max(0, room) : 0;
	}

	/**
	 * Return how many messages to take that wait in Redis already, while others that
	 * share the workers have them all and nothing waits here: what waits here gets one in
	 * its turn. A read that blocks would take messages from instances with free workers.
	 * @return 0 when there is no need
	 */
	int toLook() {
		boolean starves = this.share != null && this.slots.threads() == 0 && this.waiting.size() == 0;
		return (starves && !this.closed) ? Math.max(0, withinBudget(this.batchSize, this.order.parked())) : 0;
	}

	/**
	 * Return how many redelivered messages could start now. When there is no room, reads
	 * and workers leave some from now on.
	 */
	int toClaim() {
		int share = mostRedelivered() - this.slots.redelivered();
		int room = Math.min(share, this.slots.free(0));
		if (room <= 0 && share > 0) {
			this.redeliveryWaits = true;
			if (this.share != null) {
				this.share.redeliveryWaits();
			}
		}
		// Whatever waits in the order may wait for one of these.
		return (room > 0) ? withinBudget(room, 0) : 0;
	}

	/**
	 * Return how many redelivered messages may be claimed that may wait for a worker. It
	 * is worthwhile only for brief handlers, and where no new message waits.
	 * @param onTheWay how many Redis was asked for and did not come yet
	 */
	int toClaimAhead(int onTheWay) {
		if (!this.pace.isBrief() || this.moreUnread || this.waiting.isAnyFresh()) {
			return (onTheWay > 0) ? 0 : toClaim();
		}
		int waiting = Math.max(0, this.waiting.size()) + onTheWay;
		int most = this.pace.ahead(this.slots.workers(), 3 * this.readCount);
		int wanted = Math.min(this.readCount, most - waiting);
		int room = this.budget.room(wanted, waiting, this.slots.threads());
		int worthwhile = Math.max(1, this.budget.worthwhile(Math.min(this.readCount, most / 3)));
		return (room >= worthwhile || waiting == 0) ? Math.max(0, room) : 0;
	}

	/**
	 * Return how many messages a consumer like this one may have begun and not
	 * acknowledged.
	 */
	int mostBegun() {
		return this.slots.workers()
				* (this.batchSize + this.pace.finishedWithin(ACKNOWLEDGED_WITHIN, MOST_UNACKNOWLEDGED));
	}

	/**
	 * Return how many workers may run: some are left to what waits to be redelivered.
	 */
	int mostWorkers() {
		return this.redeliveryWaits ? this.slots.workers() - redeliveryShare() : this.slots.workers();
	}

	/**
	 * Return whether a worker has to leave: after the handler of a replaced one returned
	 * there is one too many, and what waits to be redelivered may need one for itself.
	 */
	boolean isOverfull() {
		if (this.share != null && this.share.isOver()) {
			return true;
		}
		int busy = this.slots.busy();
		return busy > this.slots.workers() || (busy > mostWorkers() && !this.waiting.isAnyRedelivered());
	}

	boolean isRedeliveryAwaited() {
		return this.redeliveryWaits;
	}

	/**
	 * Leave no room to redelivered messages any more.
	 * @return whether others that share the workers may take more of them now
	 */
	boolean endRedeliveryWait() {
		this.redeliveryWaits = false;
		return this.share != null && this.share.redeliveryDone();
	}

	/**
	 * Wake the threads that wait for room, where there is some now.
	 */
	void wakeIfWorthwhile() {
		if (this.reader.isWaiting() && toRead() > 0) {
			this.reader.wake();
		}
		if (this.claimer.isWaiting() && (!this.pace.isBrief() || toClaimAhead(0) > 0)) {
			this.claimer.wake();
		}
	}

	/**
	 * Have the thread that waits to read look again.
	 */
	void wakeReader() {
		this.reader.wake();
	}

	/**
	 * Have the threads that wait for room look again.
	 */
	void wake() {
		this.reader.wake();
		this.claimer.wake();
	}

	void close() {
		this.closed = true;
		this.reader.close();
		this.claimer.close();
	}

	/**
	 * Return how many workers reads and workers leave when redelivered messages wait.
	 */
	private int redeliveryShare() {
		return Math.max(1, this.slots.workers() / 2);
	}

	/**
	 * Return how many workers may handle redelivered messages: while no new ones wait,
	 * all but one, which is for those that come next.
	 */
	private int mostRedelivered() {
		return (this.moreUnread || this.waiting.isAnyFresh()) ? redeliveryShare()
				: Math.max(1, this.slots.workers() - 1);
	}

	private int withinBudget(int wanted, int parked) {
		return this.budget.room(wanted, Math.max(0, this.waiting.size()) + parked, this.slots.threads());
	}

	/**
	 * Return how many messages may wait for a worker: at most two reads, so that one is
	 * handled while the next is under way.
	 */
	private int ahead() {
		return this.pace.ahead(this.slots.workers(), 2 * this.readCount);
	}

}
