package dev.pubsub.redis.console.view;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pubsub.redis.console.view.Activity.Counts;
import dev.pubsub.redis.console.view.Sample.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * The last samples of what the containers did, for charts and rates. Samples are taken on
 * a thread of its own while it runs; Redis is not asked. Thread-safe.
 */
public final class History implements SmartLifecycle {

	/** Fifteen minutes of the default interval. */
	static final int MOST = 180;

	private static final Logger logger = LoggerFactory.getLogger(History.class);

	private final Supplier<Map<String, State>> states;

	private final Duration interval;

	private final Clock clock;

	private final Deque<Sample> samples = new ArrayDeque<>();

	private @Nullable ScheduledExecutorService thread;

	private boolean failing;

	/**
	 * Create a history that does not run yet.
	 * @param states returns the state of each container
	 * @param interval time between two samples
	 * @param clock tells the time
	 */
	History(Supplier<Map<String, State>> states, Duration interval, Clock clock) {
		this.states = states;
		this.interval = interval;
		this.clock = clock;
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "pubsub-console");
				thread.setDaemon(true);
				return thread;
			});
			this.thread = started;
			started.scheduleAtFixedRate(this::sampleSafely, 0, this.interval.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public synchronized void stop() {
		if (this.thread != null) {
			this.thread.shutdownNow();
			this.thread = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.thread != null;
	}

	private void sampleSafely() {
		try {
			sample();
			this.failing = false;
		}
		catch (RuntimeException | Error ex) {
			if (!this.failing) {
				logger.warn("The console cannot sample what the listeners do; its charts have a gap", ex);
			}
			this.failing = true;
		}
	}

	void sample() {
		Map<String, State> containers = new HashMap<>(this.states.get());
		State total = containers.values().stream().reduce(State.NONE, State::plus);
		Sample sample = new Sample(this.clock.instant(), total, containers);
		synchronized (this.samples) {
			this.samples.addLast(sample);
			if (this.samples.size() > MOST) {
				this.samples.removeFirst();
			}
		}
	}

	private List<Sample> samples() {
		synchronized (this.samples) {
			return new ArrayList<>(this.samples);
		}
	}

	/**
	 * Return how fast things went lately.
	 * @param container id of the container, {@code null} for all together
	 * @return the latest point
	 */
	Point latest(@Nullable String container) {
		List<Sample> all = samples();
		return (all.size() < 2) ? Point.NONE
				: Point.between(all.get(all.size() - 2), all.get(all.size() - 1), container);
	}

	/**
	 * Return the points of a chart.
	 * @param container id of the container, {@code null} for all together
	 * @return the points, oldest first
	 */
	List<Point> points(@Nullable String container) {
		List<Sample> all = samples();
		List<Point> points = new ArrayList<>();
		for (int i = 1; i < all.size(); i++) {
			points.add(Point.between(all.get(i - 1), all.get(i), container));
		}
		return points;
	}

	/**
	 * What happened between two samples.
	 *
	 * @param time time of the second one, in milliseconds since the epoch
	 * @param handled messages handled, per second
	 * @param failed attempts that failed or messages that were given up, per second
	 * @param millis mean time of a handler in milliseconds, {@code null} if none ran
	 * @param lag entries not delivered yet, {@code null} where unknown
	 * @param pending entries not acknowledged, {@code null} where unknown
	 */
	record Point(long time, double handled, double failed, @Nullable Double millis, @Nullable Long lag,
			@Nullable Long pending) {

		static final Point NONE = new Point(0, 0, 0, null, null, null);

		private static final double NANOS = 1e6;

		static Point between(Sample before, Sample after, @Nullable String container) {
			State now = after.state(container);
			State then = before.state(container);
			if (now == null) {
				return new Point(after.time().toEpochMilli(), 0, 0, null, null, null);
			}
			Counts counts = now.counts().minus((then != null) ? then.counts() : Counts.NONE);
			double seconds = Math.max(1, Duration.between(before.time(), after.time()).toMillis()) / 1e3;
			return new Point(after.time().toEpochMilli(), Math.max(0, counts.handled()) / seconds,
					Math.max(0, counts.failed() + counts.givenUp()) / seconds,
					(counts.timed() > 0) ? counts.handlerTime().toNanos() / NANOS / counts.timed() : null, now.lag(),
					now.pending());
		}

	}

}
