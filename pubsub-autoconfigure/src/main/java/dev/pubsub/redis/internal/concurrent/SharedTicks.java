package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tick of a process, for waits that need not be exact: ten times a second at most,
 * and only while something waits for it. All that ends in the same step of time is one
 * task of the timer and one wake-up of its thread: leases, claims, deadlines and replies
 * of hundreds of subscriptions. What it runs must be quick. Thread-safe.
 */
public final class SharedTicks {

	private static final Logger logger = LoggerFactory.getLogger(SharedTicks.class);

	private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

	/**
	 * For shorter waits a step is too much.
	 */
	private static final long SHORTEST_NANOS = 10 * STEP_NANOS;

	private final ScheduledExecutorService timer;

	private final ConcurrentMap<Long, Tick> ticks = new ConcurrentHashMap<>();

	/**
	 * Create a tick.
	 * @param timer the timer of the process
	 */
	SharedTicks(ScheduledExecutorService timer) {
		this.timer = timer;
	}

	/**
	 * Return a loop on the tick, for waits of about a length. Short ones are exact.
	 * @param name the work of the loop, in messages
	 * @param wait how long it waits mostly
	 * @param turn the work, which must be quick
	 * @return the loop, asleep
	 */
	public Loop loop(String name, Duration wait, Loop.Turn turn) {
		return (wait.toNanos() < SHORTEST_NANOS) ? new Loop(name, Runnable::run, this.timer, turn) : loop(name, turn);
	}

	/**
	 * Return a loop on the tick: all its waits end with a step.
	 * @param name the work of the loop, in messages
	 * @param turn the work, which must be quick
	 * @return the loop, asleep
	 */
	public Loop loop(String name, Loop.Turn turn) {
		return new Loop(name, Runnable::run, this::schedule, turn);
	}

	/**
	 * Shorten a wait by less than a step, so that it ends with one.
	 * @param wait the wait
	 * @param now {@link System#nanoTime()}
	 * @return the wait in whole milliseconds, unchanged if it is short
	 */
	public static Duration shorten(Duration wait, long now) {
		long nanos = wait.toNanos();
		return (nanos < SHORTEST_NANOS) ? wait
				: Duration.ofMillis(Duration.ofNanos(nanos - Math.floorMod(now + nanos, STEP_NANOS)).toMillis());
	}

	/**
	 * Run a task at the first tick after a wait. Waits for memory where there is none.
	 * @throws RejectedExecutionException if the timer is shut down
	 */
	Alarm schedule(Runnable task, long nanos) {
		long step = Math.floorDiv(System.nanoTime() + nanos - 1, STEP_NANOS) + 1;
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return add(task, step);
				}
				catch (RejectedExecutionException ex) {
					throw ex;
				}
				catch (Throwable ex) {
					// There is no memory.
				}
				interrupted |= Wakeups.awaitMemory();
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private Alarm add(Runnable task, long first) {
		Waiting waiting = new Waiting(task);
		long step = first;
		while (!tick(step).add(waiting)) {
			// It has begun.
			step++;
		}
		return waiting;
	}

	private Tick tick(Long step) {
		Tick present = this.ticks.get(step);
		if (present != null) {
			return present;
		}
		Tick created = new Tick(step);
		present = this.ticks.putIfAbsent(step, created);
		if (present != null) {
			return present;
		}
		try {
			Wakeups.schedule(this.timer, created, step * STEP_NANOS - System.nanoTime());
		}
		catch (RejectedExecutionException ex) {
			this.ticks.remove(step);
			throw ex;
		}
		return created;
	}

	private void runAgain(Waiting waiting) {
		try {
			Wakeups.schedule(this.timer, waiting, STEP_NANOS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No timer any more, the application is stopping", ex);
		}
	}

	/**
	 * What ends in one step.
	 */
	private final class Tick implements Runnable {

		private final Long step;

		private @Nullable List<Waiting> all = new ArrayList<>();

		private Tick(Long step) {
			this.step = step;
		}

		/**
		 * Add a task.
		 * @return whether the tick has not begun
		 */
		private synchronized boolean add(Waiting waiting) {
			return this.all != null && this.all.add(waiting);
		}

		private synchronized List<Waiting> begin() {
			List<Waiting> begun = (this.all != null) ? this.all : List.of();
			this.all = null;
			return begun;
		}

		@Override
		public void run() {
			SharedTicks.this.ticks.remove(this.step);
			List<Waiting> begun = begin();
			for (int i = 0; i < begun.size(); i++) {
				begun.get(i).runOrRetry();
			}
		}

	}

	/**
	 * A task that waits for its tick.
	 */
	private final class Waiting implements Alarm, Runnable {

		private volatile @Nullable Runnable task;

		private Waiting(Runnable task) {
			this.task = task;
		}

		/**
		 * It stays in its tick, but holds nothing any more.
		 */
		@Override
		public void cancel() {
			this.task = null;
		}

		@Override
		public void run() {
			Runnable present = this.task;
			if (present != null) {
				present.run();
			}
		}

		private void runOrRetry() {
			try {
				run();
			}
			catch (Throwable ex) {
				logger.debug("A task of the tick broke off: {}", FailureText.of(ex));
				runAgain(this);
			}
		}

	}

}
