package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one turn at a time, and another one for every wake-up since the last turn began. A
 * turn that breaks off, or finds no thread, is reported once and tried again until it
 * works: a loop ends only when it is stopped. Needs no memory of its own to go on, since
 * there may be none. Thread-safe: {@code state} guards the turns, {@code lock} the timer.
 */
public final class Loop {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private static final int RUNNING = 1;

	private static final int WOKEN = 2;

	private static final int PAUSED = 4;

	private static final int STOPPED = 8;

	private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long LONGEST_RETRY = TimeUnit.SECONDS.toNanos(5);

	private final String name;

	private final Executor executor;

	private final Alarms alarms;

	private final Turn turn;

	private final AtomicInteger state = new AtomicInteger();

	private final AtomicInteger failures = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Runnable timeIsUp = this::timeIsUp;

	private @Nullable Alarm next;

	private long nextAt;

	/**
	 * Create a loop that sleeps.
	 * @param name the work of the loop, in messages
	 * @param executor runs the turns; may run them on the thread that calls
	 * @param timer wakes the loop
	 * @param turn the work
	 */
	public Loop(String name, Executor executor, ScheduledExecutorService timer, Turn turn) {
		this(name, executor, (task, delay) -> alarm(timer, task, delay), turn);
	}

	/**
	 * Create a loop that sleeps.
	 * @param alarms wake the loop
	 */
	Loop(String name, Executor executor, Alarms alarms, Turn turn) {
		this.name = name;
		this.executor = executor;
		this.alarms = alarms;
		this.turn = turn;
	}

	private static @Nullable Alarm alarm(ScheduledExecutorService timer, Runnable task, long delay) {
		ScheduledFuture<?> scheduled = Wakeups.schedule(timer, task, delay);
		return (scheduled != null) ? () -> scheduled.cancel(false) : null;
	}

	/**
	 * Run a turn that sees everything done before this call: at once, or after the turn
	 * that is under way. Does nothing while paused or after the stop.
	 */
	public void wake() {
		int before = this.state.get();
		while ((before & (PAUSED | STOPPED | WOKEN)) == 0) {
			boolean running = (before & RUNNING) != 0;
			if (this.state.compareAndSet(before, before | (running ? WOKEN : RUNNING))) {
				if (!running) {
					start();
				}
				return;
			}
			before = this.state.get();
		}
	}

	/**
	 * Wake the loop later. Of several wake-ups that are set, the earliest is kept.
	 * @param delay time from now; at once when it is zero or negative
	 */
	public void wakeAfter(Duration delay) {
		if (delay.isNegative() || delay.isZero()) {
			wake();
			return;
		}
		wakeAfter(delay.toNanos());
	}

	private void wakeAfter(long delay) {
		long at = System.nanoTime() + delay;
		this.lock.lock();
		try {
			Alarm waiting = this.next;
			if (waiting != null && this.nextAt - at <= 0) {
				return;
			}
			if (waiting != null) {
				waiting.cancel();
				this.next = null;
			}
			if ((this.state.get() & STOPPED) == 0) {
				this.next = this.alarms.set(this.timeIsUp, delay);
				this.nextAt = at;
			}
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No timer for {}, the application is stopping", this.name, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Begin no turn until {@link #resume()}. A turn that is under way ends as usual.
	 */
	public void pause() {
		change(PAUSED, 0);
	}

	/**
	 * End a pause, and run a turn.
	 */
	public void resume() {
		change(0, PAUSED);
		wake();
	}

	/**
	 * Begin no turn any more. A turn that is under way ends as usual.
	 */
	public void stop() {
		change(STOPPED, 0);
		this.lock.lock();
		try {
			if (this.next != null) {
				this.next.cancel();
				this.next = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether no turn is under way.
	 * @return whether the loop sleeps
	 */
	public boolean isIdle() {
		return (this.state.get() & RUNNING) == 0;
	}

	private void timeIsUp() {
		this.lock.lock();
		try {
			this.next = null;
		}
		finally {
			this.lock.unlock();
		}
		wake();
	}

	private void start() {
		try {
			this.executor.execute(this::run);
		}
		catch (Throwable ex) {
			// There may be no thread to be had, which is an error.
			change(0, RUNNING | WOKEN);
			failed(ex);
		}
	}

	private void run() {
		boolean again = true;
		while (again) {
			int begun = change(0, WOKEN);
			if ((begun & (PAUSED | STOPPED)) == 0) {
				turn();
			}
			again = !end();
		}
	}

	/**
	 * End the run.
	 * @return whether it ended; not when the loop was woken meanwhile
	 */
	private boolean end() {
		int before = this.state.get();
		while ((before & WOKEN) == 0 || (before & (PAUSED | STOPPED)) != 0) {
			if (this.state.compareAndSet(before, before & ~(RUNNING | WOKEN))) {
				return true;
			}
			before = this.state.get();
		}
		return false;
	}

	private void turn() {
		try {
			this.turn.run();
			succeeded();
		}
		catch (InterruptedException ex) {
			wakeAfter(FIRST_RETRY);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void succeeded() {
		if (this.failures.get() > 0) {
			logger.info("{} works again after {} failures", this.name, this.failures.getAndSet(0));
		}
	}

	private void failed(Throwable failure) {
		int count = this.failures.incrementAndGet();
		report(failure, count);
		wakeAfter(Math.min(LONGEST_RETRY, FIRST_RETRY << Math.min(count - 1, 10)));
	}

	private void report(Throwable failure, int count) {
		try {
			if (failure instanceof RejectedExecutionException) {
				logger.debug("No thread for {}, the application is stopping", this.name, failure);
			}
			else if (count == 1) {
				logger.error("{} failed, trying again until it works", this.name, FailureText.loggable(failure));
			}
			else {
				logger.debug("{} failed {} times", this.name, count, failure);
			}
		}
		catch (Throwable ex) {
			// Without memory even this may fail; the next turn matters more.
		}
	}

	private int change(int added, int removed) {
		while (true) {
			int before = this.state.get();
			int after = (before | added) & ~removed;
			if (this.state.compareAndSet(before, after)) {
				return after;
			}
		}
	}

	/**
	 * What wakes a loop.
	 */
	@FunctionalInterface
	interface Alarms {

		/**
		 * Run a task after a wait. Waits for memory where there is none.
		 * @return the alarm, {@code null} where it cannot be taken back
		 */
		@Nullable Alarm set(Runnable task, long nanos);

	}

	/**
	 * One turn of a loop. It may wake the loop again.
	 */
	@FunctionalInterface
	public interface Turn {

		/**
		 * Do what is there to be done.
		 * @throws Exception if that breaks off; the turn is then run again, later
		 */
		void run() throws Exception;

	}

}
