package dev.pubsub.redis.operations;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronJobStatus;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.SafeText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CronOperations} over the schedulers of this application.
 */
final class DefaultCronOperations implements CronOperations {

	private static final Logger logger = LoggerFactory.getLogger(DefaultCronOperations.class);

	private static final int NEXT_FIRES = 5;

	private final Collection<CronScheduler> schedulers;

	private final Clock clock;

	DefaultCronOperations(Collection<CronScheduler> schedulers, Clock clock) {
		this.schedulers = schedulers;
		this.clock = clock;
	}

	@Override
	public Page<CronStatus> list(PageRequest page) {
		Page<CronJobStatus> some = Listing.of(jobs(), (status) -> key(status.job()), decoded(page));
		String next = some.next();
		return Listing.map(new Page<>(some.items(), (next != null) ? encode(next) : null), this::status);
	}

	@Override
	public CronStatus get(String stream, String job) {
		return scheduler(stream, job).getJob(stream, job).map(this::status).orElseThrow(() -> unknown(stream, job));
	}

	@Override
	public String trigger(String stream, String job) {
		CronScheduler scheduler = scheduler(stream, job);
		String id = Operation.run(() -> scheduler.trigger(stream, job).getValue());
		logger.info("Cron job {} of {} was triggered, as somebody asked for it", job, stream);
		return id;
	}

	@Override
	public CronStatus pause(String stream, String job) {
		CronScheduler scheduler = scheduler(stream, job);
		return Operation.run(() -> {
			scheduler.pause(stream, job);
			return status(known(scheduler, stream, job), true);
		});
	}

	@Override
	public CronStatus resume(String stream, String job) {
		CronScheduler scheduler = scheduler(stream, job);
		return Operation.run(() -> {
			scheduler.resume(stream, job);
			return status(known(scheduler, stream, job), false);
		});
	}

	private CronJobStatus known(CronScheduler scheduler, String stream, String job) {
		return scheduler.getJob(stream, job).orElseThrow(() -> unknown(stream, job));
	}

	/**
	 * What was done is in Redis; the scheduler takes note of it a little later.
	 */
	private CronStatus status(CronJobStatus known, boolean paused) {
		Instant next = paused ? null : known.job().schedule().next(this.clock.instant()).orElse(null);
		return status(new CronJobStatus(known.job(), paused, known.lastFire(), next));
	}

	private CronStatus status(CronJobStatus status) {
		CronJob job = status.job();
		return new CronStatus(job.stream(), job.name(), job.schedule().expression(), job.schedule().zone().getId(),
				job.overlap().name(), job.misfire().name(), status.paused(), status.lastFire(), nextFires(status));
	}

	private static List<Instant> nextFires(CronJobStatus status) {
		List<Instant> fires = new ArrayList<>();
		Optional<Instant> next = Optional.ofNullable(status.nextFire());
		while (next.isPresent() && fires.size() < NEXT_FIRES) {
			fires.add(next.get());
			next = status.job().schedule().next(next.get());
		}
		return fires;
	}

	private CronScheduler scheduler(String stream, String job) {
		return this.schedulers.stream()
			.filter((scheduler) -> scheduler.getJob(stream, job).isPresent())
			.findFirst()
			.orElseThrow(() -> unknown(stream, job));
	}

	private OperationException unknown(String stream, String job) {
		return OperationException.unknown("There is no cron job \"%s\" of stream \"%s\", but %s"
			.formatted(SafeText.of(job), SafeText.of(stream), KnownStreams
				.some(jobs().stream().map((status) -> status.job().name() + " of " + status.job().stream()).toList())));
	}

	private List<CronJobStatus> jobs() {
		return this.schedulers.stream().flatMap((scheduler) -> scheduler.getJobs().stream()).toList();
	}

	private static String key(CronJob job) {
		return job.stream() + "\0" + job.name();
	}

	private static String encode(String key) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
	}

	private static PageRequest decoded(PageRequest page) {
		String after = page.after();
		if (after == null) {
			return page;
		}
		try {
			return page.withAfter(new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			throw OperationException
				.invalid("'after' must be the 'next' of a page, was \"" + SafeText.of(after) + "\"");
		}
	}

}
