package dev.pubsub.redis.test.virtual;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;

import dev.pubsub.redis.test.EndlessExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a virtual process: each task gets one.
 */
public final class VirtualExecutor extends EndlessExecutor {

	private final VirtualTime world;

	private final VirtualProcess process;

	public VirtualExecutor(VirtualTime world, VirtualProcess process) {
		this.world = world;
		this.process = process;
	}

	@Override
	public void execute(Runnable command) {
		if (this.process.lacksThread()) {
			throw new OutOfMemoryError("unable to create native thread: planted");
		}
		this.world.start(this.process, command);
	}

	@Override
	protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
		return new Task<>(() -> {
			runnable.run();
			return value;
		});
	}

	/**
	 * A task that tells virtual threads of its end, and of an interrupt.
	 */
	static final class Task<T extends @Nullable Object> extends FutureTask<T> {

		private @Nullable VirtualThread runner;

		private @Nullable VirtualThread waiting;

		Task(Callable<T> callable) {
			super(callable);
		}

		@Override
		public void run() {
			this.runner = (Thread.currentThread() instanceof VirtualThread thread) ? thread : null;
			super.run();
		}

		void setWaiting(VirtualThread thread) {
			this.waiting = thread;
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			VirtualThread thread = this.runner;
			if (cancelled && mayInterruptIfRunning && thread != null && thread.world != null) {
				thread.world.interrupted(thread);
			}
			return cancelled;
		}

		@Override
		protected void done() {
			VirtualThread thread = this.waiting;
			if (thread != null && thread.world != null) {
				thread.world.unpark(thread);
			}
		}

	}

}
