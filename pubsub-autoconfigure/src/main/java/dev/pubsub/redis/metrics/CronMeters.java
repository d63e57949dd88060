package dev.pubsub.redis.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.pubsub.redis.cron.CronEvent;
import dev.pubsub.redis.cron.CronJobStatus;
import dev.pubsub.redis.cron.CronScheduler;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Meters of cron jobs: when they fired last and will fire next, whether they are paused,
 * and what this application did at their fire times. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CronMeters {

	/**
	 * Last fire time that some application claimed, in seconds since 1970.
	 */
	public static final String LAST_FIRE = "pubsub.cron.last.fire";

	/**
	 * Next fire time, in seconds since 1970.
	 */
	public static final String NEXT_FIRE = "pubsub.cron.next.fire";

	/**
	 * Whether a job is paused.
	 */
	public static final String PAUSED = "pubsub.cron.paused";

	/**
	 * What happened at fire times.
	 */
	public static final String FIRES = "pubsub.cron.fires";

	/**
	 * How long after its fire time a job fired.
	 */
	public static final String LATENESS = "pubsub.cron.lateness";

	private final MeterRegistry registry;

	private final Clock clock;

	private final Map<Key, JobMeters> shown = new HashMap<>();

	/**
	 * Create meters of nothing.
	 * @param registry gets the meters
	 * @param clock the clock of the scheduler
	 */
	public CronMeters(MeterRegistry registry, Clock clock) {
		this.registry = registry;
		this.clock = clock;
	}

	/**
	 * Show these jobs, and no others any more.
	 * @param jobs the jobs
	 * @param scheduler tells of them when somebody looks at their meters
	 */
	public synchronized void show(Collection<CronJobStatus> jobs, CronScheduler scheduler) {
		Set<Key> present = jobs.stream()
			.map((status) -> new Key(status.job().stream(), status.job().name()))
			.collect(Collectors.toSet());
		MeterGroup.keep(this.shown, present, (job) -> job.meters);
		present.forEach((key) -> metersOf(key).show(key, scheduler));
	}

	/**
	 * Count what happened at a fire time.
	 * @param event what happened
	 */
	public void onEvent(CronEvent event) {
		JobMeters job = metersOf(new Key(event.stream(), event.job()));
		Objects.requireNonNull(job.fires.get(event.type())).increment();
		if (event.type() == CronEvent.Type.FIRED) {
			Duration late = Duration.between(event.fireTime(), this.clock.instant());
			job.lateness.record(late.isNegative() ? Duration.ZERO : late);
		}
	}

	private synchronized JobMeters metersOf(Key key) {
		return this.shown.computeIfAbsent(key, (any) -> new JobMeters(this.registry, key));
	}

	private record Key(String stream, String job) {

	}

	/**
	 * Meters of one job.
	 */
	private static final class JobMeters {

		private final MeterGroup meters;

		private final Map<CronEvent.Type, Counter> fires = new EnumMap<>(CronEvent.Type.class);

		private final Timer lateness;

		private boolean hasGauges;

		JobMeters(MeterRegistry registry, Key key) {
			Tags tags = MessagingTags.ofStream(key.stream()).and("job", key.job());
			this.meters = new MeterGroup(registry, tags);
			for (CronEvent.Type type : CronEvent.Type.values()) {
				this.fires.put(type,
						this.meters.add(Counter.builder(FIRES)
							.description("What this application did, or found, at fire times")
							.tags(tags.and("outcome", type.name().toLowerCase(Locale.ROOT)))
							.register(registry)));
			}
			this.lateness = this.meters.add(Timer.builder(LATENESS)
				.description("Time from the fire time until the job fired")
				.tags(tags)
				.register(registry));
		}

		void show(Key key, CronScheduler scheduler) {
			if (this.hasGauges) {
				return;
			}
			this.hasGauges = true;
			this.meters.gauge(LAST_FIRE, "seconds", "Last fire time that some application claimed, since 1970",
					() -> seconds(key, scheduler, CronJobStatus::lastFire));
			this.meters.gauge(NEXT_FIRE, "seconds", "Next fire time, since 1970",
					() -> seconds(key, scheduler, CronJobStatus::nextFire));
			this.meters.gauge(PAUSED, null, "1 while the job is paused",
					() -> status(key, scheduler).filter(CronJobStatus::paused).isPresent() ? 1 : 0);
		}

		private static Optional<CronJobStatus> status(Key key, CronScheduler scheduler) {
			return scheduler.getJob(key.stream(), key.job());
		}

		private static double seconds(Key key, CronScheduler scheduler,
				Function<CronJobStatus, @Nullable Instant> time) {
			Instant instant = status(key, scheduler).map(time).orElse(null);
			return (instant != null) ? instant.toEpochMilli() / 1000.0 : Double.NaN;
		}

	}

}
