package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of the engine: one timer for what is quick, and tasks for what may block.
 * No thread exists before it is needed, and idle ones end. They are no beans on purpose:
 * an executor bean would make Spring Boot withdraw its own.
 */
public final class BackgroundThreads implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BackgroundThreads.class);

	private static final int KEEP_ALIVE_SECONDS = 10;

	private final ScheduledExecutorService timer;

	private final ExecutorService tasks;

	private final SharedTicks ticks;

	private BackgroundThreads(ScheduledExecutorService timer, ExecutorService tasks) {
		this.timer = timer;
		this.tasks = tasks;
		this.ticks = new SharedTicks(timer);
	}

	/**
	 * Return platform threads.
	 * @return the threads
	 */
	public static BackgroundThreads platform() {
		return of(daemon("pubsub-"));
	}

	/**
	 * Return virtual threads for all that may block.
	 * @return the threads
	 * @throws UnsupportedOperationException before Java 21
	 */
	public static BackgroundThreads virtual() {
		return of(new VirtualThreadTaskExecutor("pubsub-").getVirtualThreadFactory());
	}

	/**
	 * Return threads of an executor for all that may block.
	 * @param tasks never queues; shut down with the threads
	 * @return the threads
	 */
	public static BackgroundThreads of(ExecutorService tasks) {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemon("pubsub-timer-"));
		timer.setRemoveOnCancelPolicy(true);
		timer.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
		timer.allowCoreThreadTimeOut(true);
		return of(timer, tasks);
	}

	/**
	 * Return threads that are made elsewhere.
	 * @param timer for what is quick; shut down with the threads
	 * @param tasks for all that may block, never queues; shut down with the threads
	 * @return the threads
	 */
	public static BackgroundThreads of(ScheduledExecutorService timer, ExecutorService tasks) {
		return new BackgroundThreads(timer, tasks);
	}

	private static BackgroundThreads of(ThreadFactory threads) {
		return of(new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), threads));
	}

	public ScheduledExecutorService timer() {
		return this.timer;
	}

	/**
	 * Return the tick on the timer, for waits that need not be exact.
	 * @return the tick
	 */
	public SharedTicks ticks() {
		return this.ticks;
	}

	/**
	 * Run something quick on the timer, unless the application stops before. Throws no
	 * error of the timer: a task without a thread is queued, and runs with the next one;
	 * without memory this waits until there is some.
	 * @param delay time from now; at once when it is negative
	 * @param task the task
	 */
	public void after(Duration delay, Runnable task) {
		try {
			if (Wakeups.schedule(this.timer, task, Math.max(0, delay.toNanos())) == null) {
				logger.error("The timer has no thread, its tasks wait for one");
			}
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No timer any more, the application is stopping", ex);
		}
	}

	/**
	 * Run something that may block, once, as soon as there is a thread for it.
	 * @param name the work, in messages
	 * @param task the task
	 * @return completes when it was run; exceptionally when it broke off, or when the
	 * application stops before
	 */
	public CompletableFuture<Void> run(String name, Runnable task) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		Executor executor = (turn) -> {
			try {
				this.tasks.execute(turn);
			}
			catch (RejectedExecutionException ex) {
				done.completeExceptionally(ex);
			}
		};
		new Loop(name, executor, this.timer, () -> {
			try {
				task.run();
				done.complete(null);
			}
			catch (Throwable ex) {
				done.completeExceptionally(ex);
			}
		}).wake();
		return done;
	}

	/**
	 * Return an executor for tasks that may block; it never queues.
	 * @return the executor
	 */
	public ExecutorService tasks() {
		return this.tasks;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.tasks.shutdown();
	}

	private static ThreadFactory daemon(String prefix) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory(prefix);
		threads.setDaemon(true);
		return threads;
	}

}
