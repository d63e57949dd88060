package dev.pubsub.redis.internal.concurrent;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Tasks of a timer that must not get lost, whatever the process runs out of.
 */
final class Wakeups {

	private static final long MEMORY_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private Wakeups() {
	}

	/**
	 * Have a timer run a task. Waits for memory where there is none.
	 * @return the task, {@code null} where the timer has it and found no thread: it runs
	 * with the next one
	 * @throws RejectedExecutionException if the timer is shut down
	 */
	static @Nullable ScheduledFuture<?> schedule(ScheduledExecutorService timer, Runnable task, long nanos) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
				}
				catch (RejectedExecutionException ex) {
					throw ex;
				}
				catch (Throwable ex) {
					if (isLackOfThreads(ex)) {
						return null;
					}
				}
				interrupted |= awaitMemory();
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Wait a little, as there is no memory.
	 * @return whether the thread was interrupted
	 */
	static boolean awaitMemory() {
		boolean interrupted = Thread.interrupted();
		LockSupport.parkNanos(MEMORY_PAUSE);
		return interrupted;
	}

	/**
	 * Return whether a thread could not be started, by the only sign that the JVM gives.
	 */
	private static boolean isLackOfThreads(Throwable error) {
		String message = error.getMessage();
		return message != null && message.contains("thread");
	}

}
