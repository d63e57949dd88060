package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

import dev.pubsub.redis.internal.concurrent.Loop;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps meters up with what there is to measure: before anything starts, and at an
 * interval, since containers and cron jobs may be added and removed at any time.
 */
final class MeterRounds implements SmartLifecycle, DisposableBean {

	/** What starts opens connections, which are measured, too. */
	private static final Duration SOON = Duration.ofSeconds(1);

	private final ScheduledExecutorService timer;

	private final Duration interval;

	private final Runnable show;

	private final Runnable hide;

	private volatile @Nullable Loop loop;

	MeterRounds(ScheduledExecutorService timer, Duration interval, Runnable show, Runnable hide) {
		this.timer = timer;
		this.interval = interval;
		this.show = show;
		this.hide = hide;
	}

	@Override
	public synchronized void start() {
		if (this.loop == null) {
			this.show.run();
			Loop started = new Loop("Looking for what to measure", Runnable::run, this.timer, this::round);
			this.loop = started;
			started.wakeAfter(SOON);
		}
	}

	private void round() {
		Loop running = this.loop;
		if (running != null) {
			running.wakeAfter(this.interval);
			this.show.run();
		}
	}

	@Override
	public synchronized void stop() {
		Loop running = this.loop;
		if (running != null) {
			running.stop();
			this.loop = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

	/**
	 * Before containers start and after they stop.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 2;
	}

	@Override
	public void destroy() {
		stop();
		this.hide.run();
	}

}
