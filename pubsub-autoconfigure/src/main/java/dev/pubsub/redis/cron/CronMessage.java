package dev.pubsub.redis.cron;

import java.time.Instant;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;

/**
 * The fields of a message that a job adds: no payload, only what it is for.
 */
final class CronMessage {

	private CronMessage() {
	}

	static EntryFields scheduled(CronJob job, Instant fireTime, Instant now) {
		return fields(job, EntryFormat.SOURCE_CRON, fireTime, now);
	}

	static EntryFields manual(CronJob job, Instant now) {
		return fields(job, EntryFormat.SOURCE_MANUAL, now, now);
	}

	private static EntryFields fields(CronJob job, String source, Instant fireTime, Instant now) {
		return EntryFields.builder()
			.add(EntryFormat.PUBLISH_TIME, Long.toString(now.toEpochMilli()))
			.add(EntryFormat.SOURCE, source)
			.add(EntryFormat.HEADER_PREFIX + CronHeaders.FIRE_TIME, fireTime.toString())
			.add(EntryFormat.HEADER_PREFIX + CronHeaders.JOB, job.name())
			.build();
	}

}
