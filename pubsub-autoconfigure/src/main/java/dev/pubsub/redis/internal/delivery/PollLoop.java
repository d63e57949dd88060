package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.OversizedValueException;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads new entries of one stream for one consumer, as long as it runs, whatever happens:
 * every failure is reported, waited out and followed by another try.
 */
final class PollLoop {

	private static final Logger logger = LoggerFactory.getLogger(PollLoop.class);

	/**
	 * How long a start without Redis goes unmentioned.
	 */
	private static final Duration FIRST_CONNECTION = Duration.ofSeconds(1);

	private static final Duration ROOM_WAIT = Duration.ofMillis(500);

	private final StreamConsumer consumer;

	private final RedisLink reader;

	private final NewEntries entries;

	private final OutageLog outage;

	private final LostDeliveries lostDeliveries;

	private final BooleanSupplier stop;

	private final ReadBudget budget;

	private volatile boolean stopping;

	private volatile boolean paused;

	private final Loop turns;

	private volatile @Nullable Thread thread;

	private boolean groupReady;

	private int failures;

	private boolean mayFindMore;

	/**
	 * Create a loop.
	 * @param consumer the consumer that it reads for
	 * @param reader connection of its own
	 * @param entries what to read over that connection
	 * @param lostDeliveries what was read without arriving
	 * @param stop tells when to read no more
	 * @param budget is told of failures
	 * @param outage tells when reads fail
	 */
	PollLoop(StreamConsumer consumer, RedisLink reader, NewEntries entries, LostDeliveries lostDeliveries,
			BooleanSupplier stop, ReadBudget budget, OutageLog outage) {
		this.consumer = consumer;
		this.reader = reader;
		this.entries = entries;
		this.outage = outage;
		this.lostDeliveries = lostDeliveries;
		this.stop = stop;
		this.budget = budget;
		BackgroundThreads threads = consumer.runtime().threads();
		this.turns = new Loop("The reader of " + consumer.client().group(), threads.tasks(), threads.timer(),
				this::run);
	}

	/**
	 * Begin to read, as soon as there is a thread for it.
	 */
	void start() {
		this.turns.wake();
	}

	/**
	 * Return whether no thread reads.
	 */
	boolean isIdle() {
		return this.turns.isIdle();
	}

	/**
	 * Read until the stop. What breaks off here, and not only a read, is run again.
	 */
	private void run() {
		this.thread = Thread.currentThread();
		try {
			while (!this.stopping) {
				readOnce();
			}
		}
		finally {
			forgetThread();
		}
	}

	private void readOnce() {
		try {
			turn();
			this.failures = 0;
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted while reading from {}", this.consumer.client().group());
		}
		catch (Exception ex) {
			if (!this.stopping) {
				failed(Failures.unwrap(ex));
			}
		}
	}

	/**
	 * The thread goes to somebody else, who must not be interrupted for this.
	 */
	private synchronized void forgetThread() {
		this.thread = null;
		Thread.interrupted();
	}

	/**
	 * Interrupt the thread that reads, if there is one.
	 */
	synchronized void interrupt() {
		Thread running = this.thread;
		if (running != null) {
			running.interrupt();
		}
	}

	void setPaused(boolean paused) {
		this.paused = paused;
		wake();
	}

	/**
	 * Read no more. A read that is under way ends with its connection.
	 */
	void stop() {
		this.stopping = true;
		this.turns.stop();
		this.reader.close();
		wake();
	}

	private void turn() throws Exception {
		if (!this.groupReady) {
			prepare();
		}
		this.lostDeliveries.find(!this.paused && this.consumer.dispatcher().room().toRead() > 0);
		// Before the next read: its entries are higher than those of a lost reply.
		this.consumer.groupGuard().beginAgainIfSuspected();
		if (this.paused) {
			this.outage.dismiss();
			this.consumer.notReading();
			await(ROOM_WAIT);
			return;
		}
		int room = awaitRoom();
		int toLook = (room > 0) ? 0 : this.consumer.dispatcher().room().toLook();
		if (room + toLook <= 0 || this.paused) {
			this.consumer.notReading();
			return;
		}
		if (this.lostDeliveries.areLeftOut()) {
			return;
		}
		if (this.stop.getAsBoolean()) {
			this.consumer.notReading();
			await(Duration.ofMillis(5));
			return;
		}
		if (room > 0) {
			this.mayFindMore = false;
			read(room);
		}
		else {
			this.mayFindMore = this.entries.look(toLook);
			answered();
		}
	}

	/**
	 * Wait for room to read. Where looks find entries, they follow as soon as there is
	 * room for what they find.
	 */
	private int awaitRoom() {
		Room room = this.consumer.dispatcher().room();
		if (!this.mayFindMore) {
			return room.awaitToRead(ROOM_WAIT);
		}
		room.awaitToLook(ROOM_WAIT);
		return room.toRead();
	}

	private void prepare() throws ExecutionException, InterruptedException, TimeoutException {
		this.reader.awaitConnection(FIRST_CONNECTION);
		this.consumer.control().awaitConnection(FIRST_CONNECTION);
		this.consumer.createGroup();
		this.groupReady = true;
		answered();
	}

	private void read(int count) throws ExecutionException, InterruptedException, TimeoutException {
		this.entries.read(count, () -> {
			answered();
			return roomForMore();
		});
		answered();
	}

	private int roomForMore() {
		boolean hold = this.stopping || this.paused || this.lostDeliveries.areSuspected() || this.stop.getAsBoolean()
				|| this.consumer.groupGuard().isLossSuspected();
		return hold ? 0 : this.consumer.dispatcher().room().toRead();
	}

	private void answered() {
		this.consumer.polled();
		this.outage.succeeded();
	}

	private void failed(Throwable failure) {
		this.failures++;
		this.consumer.readFailed();
		RedisFault fault = (failure instanceof TimeoutException) ? RedisFault.NO_REPLY : RedisFault.of(failure);
		logger.debug("Reading from {} failed: {}", this.consumer.client().group(), fault, failure);
		Throwable cause = failure;
		if (fault == RedisFault.LOST_GROUP && this.groupReady) {
			cause = recreateGroup();
			if (cause == null) {
				return;
			}
		}
		Duration delay = isOneMessage(failure) ? delay()
				: this.outage.failed(cause, "trying again until it works", delay());
		switch ((cause == failure) ? fault : RedisFault.of(cause)) {
			case REFUSED -> await(delay);
			case READ_ONLY -> {
				this.reader.reset();
				this.consumer.control().reset();
				this.consumer.recovery().reset();
				await(delay);
			}
			case NOT_SENT, NO_REPLY -> awaitConnection(fault);
			case LOST_GROUP, GROUP_EXISTS, UNAVAILABLE, UNSUPPORTED, OTHER_REPLY -> await(delay);
		}
	}

	/**
	 * Return whether the failure is for the looks after lost deliveries to tell: they
	 * know the message. What counts as acknowledged is lost.
	 */
	private boolean isOneMessage(Throwable failure) {
		return failure instanceof OversizedValueException && !this.consumer.settings().isAtMostOnce();
	}

	/**
	 * Create the group again.
	 * @return why that failed, {@code null} if it did not
	 */
	private @Nullable Throwable recreateGroup() {
		try {
			this.consumer.groupGuard().beginAgain();
			return null;
		}
		catch (InterruptedException ex) {
			return null;
		}
		catch (Exception ex) {
			return Failures.unwrap(ex);
		}
	}

	private void awaitConnection(RedisFault fault) {
		this.lostDeliveries.suspect();
		if (fault == RedisFault.NO_REPLY) {
			this.budget.failed();
		}
		try {
			if (fault == RedisFault.NO_REPLY) {
				this.reader.reset();
			}
			if (!this.reader.awaitConnection(Duration.ofSeconds(1))
					|| !this.consumer.control().awaitConnection(Duration.ofSeconds(1))) {
				return;
			}
			// Connecting works: it may be the replies that end the connections.
			await((this.failures <= 2) ? Duration.ofMillis(10) : delay());
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted while waiting for a connection");
		}
	}

	private Duration delay() {
		long ceiling = Math.min(2000, 50L << Math.min(this.failures, 6));
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(25, ceiling));
	}

	private void await(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		long left = time.toNanos();
		boolean wasPaused = this.paused;
		while (left > 0 && !this.stopping && this.paused == wasPaused) {
			LockSupport.parkNanos(this, left);
			left = end - System.nanoTime();
		}
	}

	private void wake() {
		Thread running = this.thread;
		if (running != null) {
			LockSupport.unpark(running);
		}
	}

}
