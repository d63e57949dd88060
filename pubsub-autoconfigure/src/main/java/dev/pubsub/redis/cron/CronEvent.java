package dev.pubsub.redis.cron;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Something that this application did, or found, at a fire time of a cron job. What
 * another application did is that application's event.
 *
 * @param stream stream of the job
 * @param job name of the job
 * @param type what happened
 * @param fireTime the scheduled time; when several were missed, the last of them
 * @param message id of the message, if there is one
 * @since 0.1.0
 */
public record CronEvent(String stream, String job, Type type, Instant fireTime, @Nullable RecordId message) {

	/**
	 * What happened at a fire time.
	 */
	public enum Type {

		/**
		 * The job fired.
		 */
		FIRED,

		/**
		 * Nobody fired in time, and it is too late now.
		 */
		MISSED,

		/**
		 * The job did not fire since its previous message is not settled.
		 */
		OVERLAPPED,

		/**
		 * Somebody triggered the job.
		 */
		TRIGGERED

	}

}
