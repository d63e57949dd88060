package dev.pubsub.redis.annotation;

import java.time.DateTimeException;
import java.time.ZoneId;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.Misfire;
import dev.pubsub.redis.cron.Overlap;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/**
 * Reads the cron attributes of declarations.
 */
final class CronAttributes {

	/** As in {@code @Scheduled}. */
	private static final String DISABLED = ScheduledTaskRegistrar.CRON_DISABLED;

	private static final String EXAMPLES = "Use six fields with the seconds first (\"0 30 2 * * *\"), "
			+ "five fields as Unix knows them (\"30 2 * * *\"), or a macro (\"@hourly\").";

	private CronAttributes() {
	}

	/**
	 * Read the job of a declaration.
	 * @param declaration the declaration
	 * @param attributes its attributes
	 * @param stream its stream
	 * @param defaultZone time zone if it gives none
	 * @return the job, or {@code null} if it has no cron expression or a disabled one
	 */
	static @Nullable CronJob read(Declaration declaration, Attributes attributes, String stream, ZoneId defaultZone) {
		StreamSubscribe annotation = declaration.annotation();
		String cron = attributes.text("cron", annotation.cron());
		if (cron == null) {
			refuseLeftovers(declaration);
			return null;
		}
		if (cron.equals(DISABLED)) {
			return null;
		}
		String zone = attributes.text("zone", annotation.zone());
		CronSchedule schedule = parse(declaration, cron, (zone != null) ? zone(declaration, zone) : defaultZone);
		String name = attributes.text("job", annotation.job());
		return CronJob.of(stream, schedule)
			.withName((name != null) ? name : stream)
			.withOverlap(annotation.overlap())
			.withMisfire(annotation.misfire());
	}

	private static CronSchedule parse(Declaration declaration, String cron, ZoneId zone) {
		try {
			return CronSchedule.parse(cron, zone);
		}
		catch (IllegalArgumentException ex) {
			throw declaration.invalid("'cron' cannot be read: \"%s\" (%s)".formatted(cron, ex.getMessage()), EXAMPLES,
					ex);
		}
	}

	private static ZoneId zone(Declaration declaration, String zone) {
		try {
			return ZoneId.of(zone);
		}
		catch (DateTimeException ex) {
			throw declaration.invalid("'zone' is no time zone: \"%s\"".formatted(zone),
					"Use a name such as Europe/Berlin or UTC.", ex);
		}
	}

	private static void refuseLeftovers(Declaration declaration) {
		StreamSubscribe annotation = declaration.annotation();
		boolean given = !annotation.zone().isEmpty() || !annotation.job().isEmpty()
				|| annotation.overlap() != Overlap.ALLOW || annotation.misfire() != Misfire.FIRE_ONCE;
		if (given) {
			throw declaration.invalid("'zone', 'job', 'overlap' or 'misfire' is given without 'cron'",
					"Add 'cron', or remove them.");
		}
	}

}
