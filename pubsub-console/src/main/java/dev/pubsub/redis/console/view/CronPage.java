package dev.pubsub.redis.console.view;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronJobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The cron jobs and their next fire times, without asking Redis.
 */
final class CronPage {

	private static final int NEXT = 5;

	private final Catalog catalog;

	private final Clock clock;

	CronPage(Catalog catalog, Clock clock) {
		this.catalog = catalog;
		this.clock = clock;
	}

	Page<Job> jobs(Parameters parameters) {
		String text = parameters.optional("q").orElse("").toLowerCase(Locale.ROOT);
		List<CronJobStatus> found = this.catalog.jobs()
			.stream()
			.filter((status) -> (status.job().name() + " " + status.job().stream()).toLowerCase(Locale.ROOT)
				.contains(text))
			.toList();
		return Page.of(found, parameters, this::view);
	}

	private Job view(CronJobStatus status) {
		CronJob job = status.job();
		List<Instant> next = status.paused() ? List.of()
				: Stream
					.iterate(job.schedule().next(this.clock.instant()), Optional::isPresent,
							(fire) -> fire.flatMap(job.schedule()::next))
					.limit(NEXT)
					.flatMap(Optional::stream)
					.toList();
		return new Job(job.stream(), job.name(), job.schedule().expression(), Objects.toString(job.schedule().zone()),
				status.paused(), status.lastFire(), next, name(job.overlap()), name(job.misfire()));
	}

	private static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/**
	 * A cron job.
	 *
	 * @param stream its stream
	 * @param name its name
	 * @param expression when it fires
	 * @param zone in which time zone
	 * @param paused whether it is paused
	 * @param lastFire its last fire time, {@code null} where it is unknown
	 * @param next its next fire times, none while it is paused
	 * @param overlap what happens while the message before is not handled
	 * @param misfire what happens with missed fire times
	 */
	record Job(String stream, String name, String expression, String zone, boolean paused, @Nullable Instant lastFire,
			List<Instant> next, String overlap, String misfire) {

	}

}
