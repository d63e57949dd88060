package dev.pubsub.redis.cron;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when Redis refuses, or does not answer, what was asked for a cron job. Whether
 * it was done is unknown in the latter case.
 *
 * @since 0.1.0
 */
public class CronException extends PubSubException {

	private final String stream;

	private final String job;

	public CronException(String message, String stream, String job, @Nullable Throwable cause) {
		super(message, cause);
		this.stream = stream;
		this.job = job;
	}

	public String getStream() {
		return this.stream;
	}

	public String getJob() {
		return this.job;
	}

}
