package dev.pubsub.redis.internal.concurrent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order they came, on threads of an executor. A
 * bounded number may wait. Thread-safe: {@code lock} guards the queue; no task runs under
 * it.
 */
public final class SerialTasks {

	private static final Logger logger = LoggerFactory.getLogger(SerialTasks.class);

	private final Executor executor;

	private final int mostWaiting;

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private boolean running;

	private volatile @Nullable Thread runner;

	/**
	 * Create an empty queue.
	 * @param executor gives a thread while there are tasks
	 * @param mostWaiting how many tasks may wait for the one that runs
	 */
	public SerialTasks(Executor executor, int mostWaiting) {
		this.executor = executor;
		this.mostWaiting = mostWaiting;
	}

	/**
	 * Run a task after all that came before it.
	 * @param task the task; it may block
	 * @return whether it will be run: not when too many wait, or the executor refuses
	 */
	public boolean execute(Runnable task) {
		this.lock.lock();
		try {
			if (this.waiting.size() >= this.mostWaiting) {
				return false;
			}
			this.waiting.add(task);
			if (this.running) {
				return true;
			}
			this.running = true;
			this.executor.execute(this::runAll);
			return true;
		}
		catch (Throwable ex) {
			// There may be no thread to be had, which is an error.
			this.running = false;
			this.waiting.clear();
			if (ex instanceof RejectedExecutionException) {
				return false;
			}
			throw ex;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return when all tasks of this moment were run. For a task of this queue that is
	 * now: it would wait for itself.
	 * @return completes on the thread of the last task
	 */
	public CompletableFuture<Void> drained() {
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.lock.lock();
		try {
			if (!this.running || this.runner == Thread.currentThread()) {
				drained.complete(null);
			}
			else {
				this.waiting.add(() -> drained.complete(null));
			}
		}
		finally {
			this.lock.unlock();
		}
		return drained;
	}

	private void runAll() {
		this.runner = Thread.currentThread();
		Runnable task = next();
		while (task != null) {
			try {
				task.run();
			}
			catch (Throwable ex) {
				logger.error("A task broke off", FailureText.loggable(ex));
			}
			task = next();
		}
	}

	private @Nullable Runnable next() {
		this.lock.lock();
		try {
			Runnable next = this.waiting.poll();
			if (next == null) {
				this.running = false;
				this.runner = null;
			}
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

}
