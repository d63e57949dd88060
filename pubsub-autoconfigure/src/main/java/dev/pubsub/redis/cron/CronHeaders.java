package dev.pubsub.redis.cron;

/**
 * Names of the headers that the messages of a job carry. Together they identify a fire
 * time, so a handler that must not run twice for one can remember them.
 *
 * @since 0.1.0
 */
public final class CronHeaders {

	/**
	 * The scheduled time as ISO-8601 text in UTC, such as {@code 2026-01-01T12:00:00Z};
	 * of a message that was triggered by hand the time of that.
	 */
	public static final String FIRE_TIME = "fire-time";

	/**
	 * Name of the job.
	 */
	public static final String JOB = "job";

	private CronHeaders() {
	}

}
