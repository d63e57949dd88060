package dev.pubsub.redis.cron;

import java.time.Duration;
import java.util.concurrent.Executor;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;

/**
 * Runs tasks that are quick, one at a time and in order, at once or after a delay. Tests
 * bring their own.
 */
interface Pace extends Executor {

	/**
	 * Run a task after a delay.
	 * @param delay how long to wait; nothing or less for at once
	 * @param task what to run
	 */
	void after(Duration delay, Runnable task);

	/**
	 * Return the pace of a timer that has one thread.
	 * @param threads have the timer
	 * @return the pace
	 */
	static Pace of(BackgroundThreads threads) {
		return new Pace() {

			@Override
			public void execute(Runnable task) {
				after(Duration.ZERO, task);
			}

			@Override
			public void after(Duration delay, Runnable task) {
				threads.after(delay, task);
			}

		};
	}

}
