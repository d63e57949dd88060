package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.OutageLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to a bounded number of workers. Redelivered messages go first, and are
 * taken on only where a worker can start them. Fast handlers are given work ahead, slow
 * ones are not. Thread-safe, lock-free; one thread waits for room to read, and one for
 * room to claim.
 */
final class MessageDispatcher {

	private static final Logger logger = LoggerFactory.getLogger(MessageDispatcher.class);

	private static final Duration HELP_AFTER = Duration.ofMillis(1);

	private static final Duration NO_THREAD_DELAY = Duration.ofMillis(100);

	/**
	 * How many quick messages a worker may finish before what they leave is sent off.
	 */
	private static final int UNITS_PER_FLUSH = 32;

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

	private final BackgroundThreads threads;

	private final Consumer<List<InFlightMessage>> runner;

	private final Runnable flush;

	private final Runnable onRoomForRedelivered;

	private final Consumer<List<InFlightMessage>> onBrokenOff;

	private final StartOrder order;

	private final WaitingMessages waiting;

	private final HandlerPace pace = new HandlerPace();

	private final WaitingThread reader = new WaitingThread();

	private final WaitingThread claimer = new WaitingThread();

	private final Loop help;

	private final OutageLog outage;

	private volatile long lastStart;

	private volatile boolean closed;

	private volatile boolean redeliveryWaits;

	private volatile boolean moreUnread;

	private volatile boolean endAwaited;

	/**
	 * Create a dispatcher.
	 * @param settings gives the number of workers and the sizes
	 * @param budget how much may be read
	 * @param threads threads to work on
	 * @param workers what it shares with other dispatchers, if there are others
	 * @param runner handles messages, one unless the subscription wants batches
	 * @param flush sends off what handled messages leave
	 * @param onRoomForRedelivered is told that a worker left for what is redelivered
	 * @param onBrokenOff is given what could not be submitted
	 * @param order says which messages may start
	 */
	MessageDispatcher(DeliverySettings settings, ReadBudget budget, BackgroundThreads threads,
			@Nullable SharedWorkers workers, Consumer<List<InFlightMessage>> runner, Runnable flush,
			Runnable onRoomForRedelivered, Consumer<List<InFlightMessage>> onBrokenOff, StartOrder order) {
		this.order = order;
		this.share = (workers != null) ? workers.join(this::lookForWork) : null;
		this.slots = new Slots(settings.handling().threads(), this.share);
		this.readCount = settings.reading().count();
		this.batchSize = settings.handling().batches() ? this.readCount : 1;
		this.waiting = new WaitingMessages(this.batchSize);
		this.budget = budget;
		this.threads = threads;
		this.runner = runner;
		this.flush = flush;
		this.onRoomForRedelivered = onRoomForRedelivered;
		this.onBrokenOff = onBrokenOff;
		String activity = "Starting handlers of " + settings;
		this.help = new Loop(activity, Runnable::run, threads.timer(), this::help);
		this.outage = new OutageLog(logger, activity, System::nanoTime);
	}

	void submit(List<InFlightMessage> messages) {
		if (messages.isEmpty()) {
			return;
		}
		try {
			this.waiting.add(this.order.arrived(messages));
		}
		catch (Throwable ex) {
			this.onBrokenOff.accept(missing(messages));
			throw ex;
		}
		startWorkers();
	}

	/**
	 * Start a message whose turn has come in the order.
	 */
	void startNext(InFlightMessage message) {
		try {
			this.waiting.add(List.of(message));
		}
		catch (Throwable ex) {
			this.onBrokenOff.accept(missing(List.of(message)));
			throw ex;
		}
		startWorkers();
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
	 * Submit messages that there was room for.
	 */
	void submitRedelivered(List<InFlightMessage> messages) {
		boolean othersMayGoOn = endRedeliveryWait();
		List<InFlightMessage> next = this.order.arrived(messages);
		this.slots.addRedelivered(next.size());
		try {
			this.waiting.addRedelivered(next);
		}
		catch (Throwable ex) {
			List<InFlightMessage> missing = missing(next);
			this.slots.addRedelivered(-missing.size());
			this.onBrokenOff.accept(missing);
			throw ex;
		}
		finally {
			startWorkers();
			tellOthers(othersMayGoOn);
		}
	}

	/**
	 * Return which messages no worker can find, since their submission broke off.
	 */
	private List<InFlightMessage> missing(List<InFlightMessage> submitted) {
		return submitted.stream()
			.filter((message) -> message.stage() == Stage.QUEUED && !this.waiting.contains(message))
			.toList();
	}

	/**
	 * Wait until a read is worthwhile, at most as long as given.
	 * @return how many messages to read, 0 when the time was up
	 */
	int awaitRoom(Duration atMost) {
		return this.reader.awaitRoom(this::roomToRead, atMost);
	}

	/**
	 * Wait until a read or a look is worthwhile, at most as long as given.
	 */
	void awaitRoomToLook(Duration atMost) {
		this.reader.awaitRoom(() -> Math.max(roomToRead(), roomToLook()), atMost);
	}

	/**
	 * Return how many messages to take that wait in Redis already, while others that
	 * share the workers have them all and nothing waits here: what waits here gets one in
	 * its turn. A read that blocks would take messages from instances with free workers.
	 * @return 0 when there is no need
	 */
	int roomToLook() {
		boolean starves = this.share != null && this.slots.threads() == 0 && this.waiting.size() == 0;
		return (starves && !this.closed) ? Math.max(0, withinBudget(this.batchSize, this.order.parked())) : 0;
	}

	/**
	 * Return how many redelivered messages could start now. When there is no room, reads
	 * and workers leave some from now on.
	 */
	int roomForRedelivered() {
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
	 * Wait until redelivered messages may be claimed, at most as long as given.
	 * @param ahead whether they may wait for a worker
	 * @return how many, 0 when the time was up
	 */
	int awaitRoomForRedelivered(boolean ahead, Duration atMost) {
		return this.claimer.awaitRoom(ahead ? () -> roomAhead(0) : this::roomForRedelivered, atMost);
	}

	/**
	 * Return how many redelivered messages may be claimed that may wait for a worker. It
	 * is worthwhile only for brief handlers, and where no new message waits.
	 * @param onTheWay how many Redis was asked for and did not come yet
	 */
	int roomAhead(int onTheWay) {
		if (!this.pace.isBrief() || this.moreUnread || this.waiting.isAnyFresh()) {
			return (onTheWay > 0) ? 0 : roomForRedelivered();
		}
		int waiting = Math.max(0, this.waiting.size()) + onTheWay;
		int most = this.pace.ahead(this.slots.workers(), 3 * this.readCount);
		int wanted = Math.min(this.readCount, most - waiting);
		int room = this.budget.room(wanted, waiting, this.slots.threads());
		int worthwhile = Math.max(1, this.budget.worthwhile(Math.min(this.readCount, most / 3)));
		return (room >= worthwhile || waiting == 0) ? Math.max(0, room) : 0;
	}

	/**
	 * Tell once when a redelivered message leaves its handler.
	 */
	void tellEndOfRedelivered() {
		this.endAwaited = true;
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
	 * The handler that a worker calls ignores its interrupt: another worker may take its
	 * place.
	 */
	void replace(Thread worker) {
		if (this.slots.stuck(worker)) {
			tellEnd();
			leave();
		}
	}

	/**
	 * The handler that a worker calls is not stuck any more.
	 */
	void goesOn(Thread worker) {
		this.slots.goesOn(worker);
	}

	private boolean endRedeliveryWait() {
		this.redeliveryWaits = false;
		return this.share != null && this.share.redeliveryDone();
	}

	private void tellOthers(boolean theyMayGoOn) {
		if (theyMayGoOn && this.share != null) {
			this.share.tellOthers();
		}
	}

	void redeliveryDone() {
		boolean othersMayGoOn = endRedeliveryWait();
		if (this.waiting.size() > 0 && !this.closed) {
			startWorkers();
		}
		this.reader.wake();
		tellOthers(othersMayGoOn);
	}

	boolean isIdle() {
		return this.slots.threads() == 0 && this.waiting.size() == 0;
	}

	int activeWorkers() {
		return this.slots.threads();
	}

	/**
	 * Start nothing any more.
	 * @return what was waiting for a worker
	 */
	List<InFlightMessage> close() {
		this.closed = true;
		this.help.stop();
		this.reader.close();
		this.claimer.close();
		if (this.share != null) {
			this.share.leave();
			this.share.tellOthers();
		}
		List<InFlightMessage> unstarted = new ArrayList<>(this.waiting.drain());
		unstarted.addAll(this.order.drain());
		return unstarted;
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

	private int room() {
		int reserved = this.redeliveryWaits ? redeliveryShare() : 0;
		int idle = this.slots.free(reserved) * this.batchSize;
		return withinBudget(Math.min(this.readCount, idle + ahead() - this.waiting.size()), this.order.parked());
	}

	private int withinBudget(int wanted, int parked) {
		return this.budget.room(wanted, Math.max(0, this.waiting.size()) + parked, this.slots.threads());
	}

	/**
	 * Return how many messages to read now, 0 when that is not worthwhile.
	 */
	int roomToRead() {
		int room = room();
		boolean worthwhile = this.waiting.size() == 0
				|| room >= this.budget.worthwhile(Math.min(this.readCount, ahead() / 2));
		return worthwhile ? Math.max(0, room) : 0;
	}

	/**
	 * Return how many messages may wait for a worker: at most two reads, so that one is
	 * handled while the next is under way.
	 */
	private int ahead() {
		return this.pace.ahead(this.slots.workers(), 2 * this.readCount);
	}

	private void startWorkers() {
		if (this.pace.isQuick() && this.batchSize == 1) {
			int messages = this.waiting.size();
			int wanted = this.pace.workersFor(messages);
			int started = startUpTo(Math.min(wanted, limit()));
			if (messages > started) {
				this.help.wakeAfter(HELP_AFTER);
			}
		}
		else {
			startAllWorkers();
		}
	}

	private int startAllWorkers() {
		return startUpTo(Math.min(limit(), this.slots.busy() + this.waiting.size()));
	}

	/**
	 * Return how many workers may run: some are left to what waits to be redelivered.
	 */
	private int limit() {
		return this.redeliveryWaits ? this.slots.workers() - redeliveryShare() : this.slots.workers();
	}

	private int startUpTo(int wanted) {
		int started = 0;
		while (!this.closed && this.slots.take(wanted)) {
			if (!startWorker()) {
				return started;
			}
			started++;
		}
		return started;
	}

	private boolean startWorker() {
		try {
			this.threads.tasks().execute(this::work);
			return true;
		}
		catch (RejectedExecutionException ex) {
			this.slots.giveBack();
			logger.debug("No thread to work with, the application is stopping", ex);
			return false;
		}
		catch (Throwable ex) {
			// There may be no thread to be had, which is an error.
			this.slots.giveBack();
			this.outage.failed(ex, "trying again until there is one");
			this.help.wakeAfter(NO_THREAD_DELAY);
			return false;
		}
	}

	/**
	 * A handler that was quick so far may be slow now, or there was no thread.
	 */
	private void help() {
		if (this.closed) {
			return;
		}
		// A worker may have left without.
		this.flush.run();
		if (this.waiting.size() <= 0) {
			this.outage.succeeded();
		}
		else if (System.nanoTime() - this.lastStart >= HELP_AFTER.toNanos()) {
			if (startAllWorkers() > 0) {
				this.outage.succeeded();
			}
		}
		else {
			this.help.wakeAfter(HELP_AFTER);
		}
	}

	/**
	 * Whatever breaks off, the worker leaves, and others come for what waits.
	 */
	private void work() {
		try {
			workOn(this.slots.enter());
		}
		catch (Throwable ex) {
			this.help.wakeAfter(NO_THREAD_DELAY);
			this.outage.failed(ex, "trying again");
		}
		finally {
			this.slots.leave();
		}
		try {
			leave();
		}
		catch (Throwable ex) {
			this.help.wakeAfter(NO_THREAD_DELAY);
		}
	}

	private void workOn(Slots.Slot slot) {
		int units = 0;
		while (workOnce(slot)) {
			units++;
			if (units % UNITS_PER_FLUSH == 0 || !this.pace.isQuick()) {
				this.flush.run();
				if (this.share != null && this.share.isWantedByOthers()) {
					return;
				}
			}
			if (this.reader.isWaiting() && roomToRead() > 0) {
				this.reader.wake();
			}
			if (this.claimer.isWaiting() && (!this.pace.isBrief() || roomAhead(0) > 0)) {
				this.claimer.wake();
			}
		}
		this.flush.run();
	}

	private void leave() {
		if (this.share != null) {
			this.share.tellOthers();
		}
		lookForWork();
	}

	private void lookForWork() {
		if (this.redeliveryWaits) {
			this.onRoomForRedelivered.run();
		}
		if (this.waiting.size() > 0 && !this.closed) {
			startWorkers();
		}
		this.reader.wake();
		this.claimer.wake();
	}

	private void tellEnd() {
		if (this.endAwaited) {
			this.endAwaited = false;
			this.onRoomForRedelivered.run();
		}
	}

	/**
	 * Return whether a worker has to leave: after the handler of a replaced one returned
	 * there is one too many, and what waits to be redelivered may need one for itself.
	 */
	private boolean isSurplus(int busy) {
		if (this.share != null && this.share.isOver()) {
			return true;
		}
		return busy > this.slots.workers() || (busy > limit() && !this.waiting.isAnyRedelivered());
	}

	private boolean workOnce(Slots.Slot slot) {
		boolean leaves = this.closed || isSurplus(this.slots.busy());
		WaitingMessages.Unit unit = leaves ? null : this.waiting.take();
		if (unit == null) {
			return false;
		}
		long start = System.nanoTime();
		this.lastStart = start;
		slot.begin(unit.redelivered());
		try {
			this.runner.accept(unit.messages());
		}
		catch (Throwable ex) {
			logger.error("Handling of {} broke off", unit.messages(), FailureText.loggable(ex));
		}
		finally {
			slot.end();
			if (unit.redelivered()) {
				tellEnd();
			}
			this.pace.measured((System.nanoTime() - start) / unit.messages().size());
		}
		return true;
	}

}
