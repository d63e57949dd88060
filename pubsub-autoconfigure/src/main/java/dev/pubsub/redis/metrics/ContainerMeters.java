package dev.pubsub.redis.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import dev.pubsub.redis.listener.ContainerActivity;
import dev.pubsub.redis.listener.ContainerOwnership;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of listener containers in this process: where their messages are, their threads
 * and their states. They are read when somebody looks at them, and ask Redis nothing.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ContainerMeters {

	/**
	 * Messages that a container answers for, by stage.
	 */
	public static final String IN_FLIGHT = "pubsub.in.flight";

	/**
	 * Handlers that may run at the same time.
	 */
	public static final String THREADS_MAX = "pubsub.threads.max";

	/**
	 * Handlers that run.
	 */
	public static final String THREADS_BUSY = "pubsub.threads.busy";

	/**
	 * Handlers that ignore the interrupt at their deadline.
	 */
	public static final String THREADS_STUCK = "pubsub.threads.stuck";

	/**
	 * 1 for the state that a container is in, 0 for others.
	 */
	public static final String STATE = "pubsub.container.state";

	/**
	 * Seconds since Redis answered the last read.
	 */
	public static final String LAST_READ = "pubsub.last.read.age";

	/**
	 * Activities that fail at the moment.
	 */
	public static final String OUTAGES = "pubsub.outages";

	/**
	 * 1 while this process owns the stream of an ordered subscription, 0 while it stands
	 * by.
	 */
	public static final String OWNED = "pubsub.owned";

	/**
	 * Other instances that wait to own the stream of an ordered subscription.
	 */
	public static final String STANDBY = "pubsub.standby";

	private final MeterRegistry registry;

	private final Clock clock;

	private final Map<String, MeterGroup> shown = new HashMap<>();

	/**
	 * Create meters of nothing.
	 * @param registry gets the meters
	 * @param clock wall clock
	 */
	public ContainerMeters(MeterRegistry registry, Clock clock) {
		this.registry = registry;
		this.clock = clock;
	}

	/**
	 * Show these containers, and no others any more.
	 * @param containers the containers
	 */
	public synchronized void show(Collection<StreamListenerContainer> containers) {
		Set<String> present = containers.stream().map(StreamListenerContainer::getId).collect(Collectors.toSet());
		MeterGroup.keep(this.shown, present, (meters) -> meters);
		containers.forEach((container) -> this.shown.computeIfAbsent(container.getId(), (id) -> meters(container)));
	}

	private MeterGroup meters(StreamListenerContainer container) {
		MeterGroup meters = new MeterGroup(this.registry, MessagingTags.of(container.getSubscription()));
		RecentActivity activity = new RecentActivity(container, this.clock);
		stage(meters, activity, "queued", ContainerActivity::queued);
		stage(meters, activity, "running", ContainerActivity::running);
		stage(meters, activity, "settling", ContainerActivity::settling);
		stage(meters, activity, "waiting", ContainerActivity::waiting);
		meters.gauge(THREADS_MAX, "threads", "Handlers that may run at the same time", () -> activity.get().threads());
		meters.gauge(THREADS_BUSY, "threads", "Handlers that run", () -> activity.get().busy());
		meters.gauge(THREADS_STUCK, "threads", "Handlers that ignore the interrupt at their deadline",
				() -> activity.get().stuck());
		for (ContainerState state : ContainerState.values()) {
			meters.gauge(STATE, Tags.of("state", state.name().toLowerCase(Locale.ROOT)), null,
					"1 for the state that the container is in", () -> (container.getState() == state) ? 1 : 0);
		}
		meters.gauge(LAST_READ, "seconds", "Time since Redis answered the last read",
				() -> age(container.getLastPoll()));
		meters.gauge(OUTAGES, "outages", "Activities that fail at the moment", () -> container.getOutages().size());
		if (container.getSubscription().options().ordered()) {
			ownership(meters, container);
		}
		return meters;
	}

	private static void ownership(MeterGroup meters, StreamListenerContainer container) {
		meters.gauge(OWNED, null, "The stream and its partitions, as far as this process owns them",
				() -> container.getOwnerships().values().stream().filter(ContainerOwnership::isHere).count());
		meters.gauge(STANDBY, "instances", "Other instances that wait to own the stream",
				() -> container.getOwnership().map((owner) -> (double) owner.standby()).orElse(Double.NaN));
	}

	private static void stage(MeterGroup meters, RecentActivity activity, String stage,
			ToIntFunction<ContainerActivity> count) {
		meters.gauge(IN_FLIGHT, Tags.of("stage", stage), "messages",
				"Messages that the container answers for, by where they are", () -> count.applyAsInt(activity.get()));
	}

	private double age(@Nullable Instant since) {
		return (since != null) ? Math.max(0, Duration.between(since, this.clock.instant()).toMillis()) / 1000.0
				: Double.NaN;
	}

	/**
	 * What a container did within the last second: all its gauges are mostly read at
	 * once, and it goes through the messages in flight to tell.
	 */
	private static final class RecentActivity {

		private static final Duration RECENT = Duration.ofSeconds(1);

		private final StreamListenerContainer container;

		private final Clock clock;

		private ContainerActivity activity = ContainerActivity.NONE;

		private Instant until = Instant.MIN;

		RecentActivity(StreamListenerContainer container, Clock clock) {
			this.container = container;
			this.clock = clock;
		}

		synchronized ContainerActivity get() {
			Instant now = this.clock.instant();
			if (!now.isBefore(this.until) || now.plus(RECENT).isBefore(this.until)) {
				this.activity = this.container.getActivity();
				this.until = now.plus(RECENT);
			}
			return this.activity;
		}

	}

}
