package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to a bounded number of workers. Redelivered messages go first, and are
 * taken on only where a worker can start them. Fast handlers are given work ahead, slow
 * ones are not. Thread-safe, lock-free; one thread waits for room.
 */
final class MessageDispatcher {

	private static final Logger logger = LoggerFactory.getLogger(MessageDispatcher.class);

	private static final long WORK_AHEAD_NANOS = Duration.ofMillis(100).toNanos();

	/**
	 * Below this average, waking a worker costs more than the handler.
	 */
	private static final long QUICK_NANOS = Duration.ofNanos(50_000).toNanos();

	private static final long SHARE_NANOS = Duration.ofNanos(400_000).toNanos();

	private static final long HELP_AFTER_NANOS = Duration.ofMillis(1).toNanos();

	/**
	 * How much longer than the average one measurement may count: a thread that was not
	 * given a processor for a while says nothing about the handler.
	 */
	private static final double MOST_DEVIATION = 8;

	/**
	 * How many quick messages a worker may finish before what they leave is sent off.
	 */
	private static final int UNITS_PER_FLUSH = 32;

	private final int workers;

	private final int readCount;

	private final int batchSize;

	private final BackgroundThreads threads;

	private final Consumer<List<InFlightMessage>> runner;

	private final Runnable flush;

	private final Queue<InFlightMessage> redelivered = new ConcurrentLinkedQueue<>();

	private final Queue<InFlightMessage> fresh = new ConcurrentLinkedQueue<>();

	private final AtomicInteger queued = new AtomicInteger();

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicInteger redeliveredActive = new AtomicInteger();

	private final AtomicBoolean helpScheduled = new AtomicBoolean();

	private volatile double averageNanos = Double.NaN;

	private volatile long lastStart;

	private volatile boolean closed;

	private volatile boolean redeliveryWaits;

	private volatile @Nullable Thread waiter;

	/**
	 * Create a dispatcher.
	 * @param subscription gives the number of workers and the sizes
	 * @param threads threads to work on
	 * @param runner handles messages, one unless the subscription wants batches
	 * @param flush sends off what handled messages leave
	 */
	MessageDispatcher(Subscription subscription, BackgroundThreads threads, Consumer<List<InFlightMessage>> runner,
			Runnable flush) {
		this.workers = subscription.options().threads();
		this.readCount = subscription.options().readCount();
		this.batchSize = subscription.isBatch() ? this.readCount : 1;
		this.threads = threads;
		this.runner = runner;
		this.flush = flush;
	}

	void submit(List<InFlightMessage> messages) {
		if (messages.isEmpty()) {
			return;
		}
		this.queued.addAndGet(messages.size());
		this.fresh.addAll(messages);
		startWorkers();
	}

	/**
	 * Submit messages that a worker was reserved for.
	 */
	void submitRedelivered(List<InFlightMessage> messages) {
		this.redeliveryWaits = false;
		this.redeliveredActive.addAndGet(messages.size());
		this.queued.addAndGet(messages.size());
		this.redelivered.addAll(messages);
		startAllWorkers();
	}

	/**
	 * Return how many messages the next read may bring.
	 */
	int room() {
		int reserved = this.redeliveryWaits ? redeliveryShare() : 0;
		int idle = Math.max(0, this.workers - this.active.get() - reserved) * this.batchSize;
		return Math.min(this.readCount, idle + ahead() - this.queued.get());
	}

	/**
	 * Wait until a read is worthwhile, at most as long as given.
	 * @return how many messages to read, 0 when the time was up
	 */
	int awaitRoom(Duration atMost) {
		int room = room();
		if (isWorthwhile(room)) {
			return room;
		}
		long end = System.nanoTime() + atMost.toNanos();
		this.waiter = Thread.currentThread();
		try {
			long left = atMost.toNanos();
			while (!this.closed && left > 0 && !Thread.currentThread().isInterrupted()) {
				room = room();
				if (isWorthwhile(room)) {
					return room;
				}
				LockSupport.parkNanos(this, left);
				left = end - System.nanoTime();
			}
			return 0;
		}
		finally {
			this.waiter = null;
		}
	}

	/**
	 * Return how many redelivered messages could start now. When there is no room, reads
	 * leave some from now on.
	 */
	int roomForRedelivered() {
		int share = redeliveryShare() - this.redeliveredActive.get();
		int room = Math.min(share, this.workers - this.active.get());
		if (room <= 0 && share > 0) {
			this.redeliveryWaits = true;
		}
		return Math.max(0, room);
	}

	void redeliveryDone() {
		this.redeliveryWaits = false;
		wakeWaiter();
	}

	boolean isIdle() {
		return this.active.get() == 0 && this.queued.get() == 0;
	}

	int activeWorkers() {
		return this.active.get();
	}

	/**
	 * Start nothing any more.
	 * @return what was waiting for a worker
	 */
	List<InFlightMessage> close() {
		this.closed = true;
		wakeWaiter();
		List<InFlightMessage> unstarted = new ArrayList<>();
		for (Queue<InFlightMessage> queue : List.of(this.redelivered, this.fresh)) {
			for (InFlightMessage message = queue.poll(); message != null; message = queue.poll()) {
				this.queued.decrementAndGet();
				unstarted.add(message);
			}
		}
		return unstarted;
	}

	private int redeliveryShare() {
		return Math.max(1, this.workers / 2);
	}

	private boolean isWorthwhile(int room) {
		return room > 0 && (this.queued.get() == 0 || room >= Math.min(this.readCount, ahead() / 2));
	}

	/**
	 * Return how many messages may wait for a worker: what all workers finish in a while,
	 * and at most two reads, so that one is handled while the next is under way.
	 */
	private int ahead() {
		double average = this.averageNanos;
		if (Double.isNaN(average)) {
			return 0;
		}
		return (int) Math.min(2.0 * this.readCount, this.workers * (double) WORK_AHEAD_NANOS / Math.max(1, average));
	}

	private void startWorkers() {
		int waiting = this.queued.get();
		double average = this.averageNanos;
		if (average < QUICK_NANOS && this.batchSize == 1) {
			int wanted = 1 + (int) (waiting * average / SHARE_NANOS);
			startUpTo(Math.min(wanted, this.workers));
			if (waiting > wanted && !this.helpScheduled.get() && this.helpScheduled.compareAndSet(false, true)) {
				scheduleHelp();
			}
		}
		else {
			startAllWorkers();
		}
	}

	private void startAllWorkers() {
		startUpTo(Math.min(this.workers, this.active.get() + this.queued.get()));
	}

	private void startUpTo(int wanted) {
		int running = this.active.get();
		while (running < wanted && !this.closed) {
			if (this.active.compareAndSet(running, running + 1)) {
				startWorker();
			}
			running = this.active.get();
		}
	}

	private void startWorker() {
		try {
			this.threads.tasks().execute(this::work);
		}
		catch (RejectedExecutionException ex) {
			this.active.decrementAndGet();
			logger.debug("No thread to work with, the application is stopping", ex);
		}
	}

	/**
	 * A handler that was quick so far may be slow now: look again soon.
	 */
	private void scheduleHelp() {
		try {
			this.threads.timer().schedule(this::help, HELP_AFTER_NANOS, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			this.helpScheduled.set(false);
		}
	}

	private void help() {
		this.helpScheduled.set(false);
		if (this.queued.get() <= 0 || this.closed) {
			return;
		}
		if (System.nanoTime() - this.lastStart >= HELP_AFTER_NANOS) {
			startAllWorkers();
		}
		else if (this.helpScheduled.compareAndSet(false, true)) {
			scheduleHelp();
		}
	}

	private void work() {
		int units = 0;
		while (workOnce()) {
			units++;
			if (units % UNITS_PER_FLUSH == 0 || !(this.averageNanos < QUICK_NANOS)) {
				this.flush.run();
			}
			wakeWaiterIfRoom();
		}
		this.flush.run();
		this.active.decrementAndGet();
		if (this.queued.get() > 0 && !this.closed) {
			startWorkers();
		}
		wakeWaiter();
	}

	private boolean workOnce() {
		boolean redelivery = true;
		InFlightMessage first = this.closed ? null : this.redelivered.poll();
		if (first == null && !this.closed) {
			redelivery = false;
			first = this.fresh.poll();
		}
		if (first == null) {
			return false;
		}
		List<InFlightMessage> unit = (redelivery || this.batchSize == 1) ? List.of(first) : gather(first);
		this.queued.addAndGet(-unit.size());
		long start = System.nanoTime();
		this.lastStart = start;
		try {
			this.runner.accept(unit);
		}
		catch (Throwable ex) {
			logger.error("Handling of {} broke off", unit, ex);
		}
		finally {
			if (redelivery) {
				this.redeliveredActive.decrementAndGet();
			}
			measure((System.nanoTime() - start) / unit.size());
		}
		return true;
	}

	private List<InFlightMessage> gather(InFlightMessage first) {
		List<InFlightMessage> unit = new ArrayList<>();
		InFlightMessage next = first;
		while (next != null) {
			unit.add(next);
			next = (unit.size() < this.batchSize) ? this.fresh.poll() : null;
		}
		return unit;
	}

	private void measure(long nanos) {
		double average = this.averageNanos;
		if (Double.isNaN(average)) {
			this.averageNanos = nanos;
		}
		else {
			double counted = Math.min(nanos, average * MOST_DEVIATION + 1);
			this.averageNanos = average + (counted - average) / 16;
		}
	}

	private void wakeWaiterIfRoom() {
		if (this.waiter != null && isWorthwhile(room())) {
			wakeWaiter();
		}
	}

	private void wakeWaiter() {
		Thread waiting = this.waiter;
		if (waiting != null) {
			LockSupport.unpark(waiting);
		}
	}

}
