package dev.pubsub.redis.cron;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
	 * @param timer the timer
	 * @return the pace
	 */
	static Pace of(ScheduledExecutorService timer) {
		Logger logger = LoggerFactory.getLogger(Pace.class);
		return new Pace() {

			@Override
			public void execute(Runnable task) {
				after(Duration.ZERO, task);
			}

			@Override
			public void after(Duration delay, Runnable task) {
				try {
					timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
				}
				catch (RejectedExecutionException ex) {
					logger.debug("No timer for cron jobs, the application is stopping", ex);
				}
			}

		};
	}

}
