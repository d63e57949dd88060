package dev.pubsub.redis.test.virtual;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.test.EndlessExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The timer of a virtual process. What it runs must not block.
 */
public final class VirtualTimer extends EndlessExecutor implements ScheduledExecutorService {

	private static final int LATENESS = 200_000;

	private final VirtualTime world;

	private final VirtualProcess process;

	public VirtualTimer(VirtualTime world, VirtualProcess process) {
		this.world = world;
		this.process = process;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
		Planned planned = new Planned();
		if (!this.process.isDead()) {
			long late = this.world.random().nextInt(LATENESS);
			planned.item = this.world.after(Math.max(0, unit.toNanos(delay)) + late, this.process, () -> {
				planned.complete(null);
				command.run();
			});
		}
		return planned;
	}

	@Override
	public void execute(Runnable command) {
		schedule(command, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	private static final class Planned extends CompletableFuture<@Nullable Object>
			implements ScheduledFuture<@Nullable Object> {

		private VirtualTime.@Nullable Item item;

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			if (this.item != null) {
				this.item.cancel();
			}
			return super.cancel(mayInterruptIfRunning);
		}

		@Override
		public long getDelay(TimeUnit unit) {
			throw new UnsupportedOperationException();
		}

		@Override
		public int compareTo(Delayed other) {
			throw new UnsupportedOperationException();
		}

	}

}
