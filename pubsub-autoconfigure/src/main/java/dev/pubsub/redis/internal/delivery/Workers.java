package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.OutageLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes waiting messages to their handlers, on as many threads as there is room for. A
 * thread stays while messages wait, and whatever breaks off, others come for the rest.
 * Thread-safe, lock-free.
 */
final class Workers {

	private static final Logger logger = LoggerFactory.getLogger(Workers.class);

	private static final Duration HELP_AFTER = Duration.ofMillis(1);

	private static final Duration NO_THREAD_DELAY = Duration.ofMillis(100);

	/**
	 * How many quick messages a worker may finish before what they leave is sent off.
	 */
	private static final int UNITS_PER_FLUSH = 32;

	private final Slots slots;

	private final SharedWorkers.@Nullable Share share;

	private final Room room;

	private final WaitingMessages waiting;

	private final HandlerPace pace;

	private final BackgroundThreads threads;

	private final boolean batches;

	private final Consumer<List<InFlightMessage>> runner;

	private final Runnable flush;

	private final Runnable onRoomForRedelivered;

	private final Loop help;

	private final OutageLog outage;

	private final AtomicLong lastStart = new AtomicLong();

	private volatile boolean closed;

	private volatile boolean endAwaited;

	/**
	 * Create workers, none of which runs.
	 * @param settings tells whether handlers take batches
	 * @param slots how many there may be
	 * @param share what they share with others, if there are others
	 * @param runner handles messages, one unless the subscription wants batches
	 * @param flush sends off what handled messages leave
	 * @param onRoomForRedelivered is told that a worker left for what is redelivered
	 */
	Workers(DeliverySettings settings, Slots slots, SharedWorkers.@Nullable Share share, Room room,
			WaitingMessages waiting, HandlerPace pace, BackgroundThreads threads,
			Consumer<List<InFlightMessage>> runner, Runnable flush, Runnable onRoomForRedelivered) {
		this.slots = slots;
		this.share = share;
		this.room = room;
		this.waiting = waiting;
		this.pace = pace;
		this.threads = threads;
		this.batches = settings.batchSize() > 1;
		this.runner = runner;
		this.flush = flush;
		this.onRoomForRedelivered = onRoomForRedelivered;
		String activity = "Starting handlers of " + settings;
		this.help = new Loop(activity, Runnable::run, threads.timer(), this::help);
		this.outage = new OutageLog(logger, activity, System::nanoTime);
	}

	/**
	 * Start as many as the waiting messages are worth.
	 */
	void start() {
		if (this.pace.isQuick() && !this.batches) {
			int messages = this.waiting.size();
			int wanted = this.pace.workersFor(messages);
			int started = startUpTo(Math.min(wanted, this.room.mostWorkers()));
			if (messages > started) {
				this.help.wakeAfter(HELP_AFTER);
			}
		}
		else {
			startAll();
		}
	}

	private int startAll() {
		return startUpTo(Math.min(this.room.mostWorkers(), this.slots.busy() + this.waiting.size()));
	}

	/**
	 * Start those that are missing, each once: one that found nothing and left already is
	 * not replaced.
	 */
	private int startUpTo(int wanted) {
		int missing = wanted - this.slots.busy();
		int started = 0;
		while (started < missing && !this.closed && this.slots.take(wanted)) {
			if (!startOne()) {
				return started;
			}
			started++;
		}
		return started;
	}

	private boolean startOne() {
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
		else if (System.nanoTime() - this.lastStart.get() >= HELP_AFTER.toNanos()) {
			if (startAll() > 0) {
				this.outage.succeeded();
			}
		}
		else {
			this.help.wakeAfter(HELP_AFTER);
		}
	}

	/**
	 * Tell once when a redelivered message leaves its handler.
	 */
	void tellEndOfRedelivered() {
		this.endAwaited = true;
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

	/**
	 * Workers that others had may be free now.
	 */
	void lookForWork() {
		if (this.room.isRedeliveryAwaited()) {
			this.onRoomForRedelivered.run();
		}
		startForWaiting();
		this.room.wake();
	}

	/**
	 * Start some if messages wait.
	 */
	void startForWaiting() {
		if (this.waiting.size() > 0 && !this.closed) {
			start();
		}
	}

	/**
	 * Start nothing any more.
	 */
	void close() {
		this.closed = true;
		this.help.stop();
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
		slot.setNow(System.nanoTime());
		while (workOnce(slot)) {
			units++;
			if (units % UNITS_PER_FLUSH == 0 || !this.pace.isQuick()) {
				this.flush.run();
				if (this.share != null && this.share.isWantedByOthers()) {
					return;
				}
				slot.setNow(System.nanoTime());
			}
			this.room.wakeIfWorthwhile();
		}
		this.flush.run();
	}

	private boolean workOnce(Slots.Slot slot) {
		boolean leaves = this.closed || this.room.isOverfull();
		WaitingMessages.Unit unit = leaves ? null : this.waiting.take();
		if (unit == null) {
			return false;
		}
		long start = slot.now();
		this.lastStart.lazySet(start);
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
			slot.setNow(System.nanoTime());
			this.pace.measured((slot.now() - start) / unit.messages().size());
		}
		return true;
	}

	private void leave() {
		if (this.share != null) {
			this.share.tellOthers();
		}
		lookForWork();
	}

	private void tellEnd() {
		if (this.endAwaited) {
			this.endAwaited = false;
			this.onRoomForRedelivered.run();
		}
	}

}
