package dev.pubsub.redis.cron;

import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.Outage;
import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.redis.ConnectionSource;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Fires cron jobs: adds one message per fire time to the stream of a job, however many
 * applications schedule it. It needs no thread of its own, and Redis only at fire times.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface CronScheduler extends SmartLifecycle, AutoCloseable {

	/**
	 * Return a scheduler without jobs that works without anything else.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the scheduler with default settings, not running; the caller closes it
	 */
	static CronScheduler create(LettuceConnectionFactory connectionFactory) {
		return builder(connectionFactory).build();
	}

	/**
	 * Return a builder of a scheduler with connections of its own.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the builder
	 */
	static CronSchedulerBuilder builder(LettuceConnectionFactory connectionFactory) {
		return new CronSchedulerBuilder(ConnectionSource.of(connectionFactory));
	}

	/**
	 * Return a builder of a scheduler over connections that others share.
	 * @param connections the connections; the scheduler does not close them
	 * @return the builder
	 */
	static CronSchedulerBuilder builder(SharedConnections connections) {
		return new CronSchedulerBuilder(ConnectionSource.of(connections));
	}

	/**
	 * Add a job. It starts with the scheduler, or at once when the scheduler runs
	 * already. A job that equals one that is there is ignored.
	 * @param job the job
	 * @param declaredBy where it was declared, for messages
	 * @throws InvalidSubscriptionException if it never fires, or the stream has another
	 * job of that name
	 */
	void schedule(CronJob job, String declaredBy);

	/**
	 * Remove a job from this application. Others that schedule it go on.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return whether there was one
	 */
	boolean cancel(String stream, String job);

	/**
	 * Add a message to the stream of a job now. Its source is {@code manual}; the
	 * schedule, {@link Overlap} and whether the job is paused do not matter. Waits for
	 * Redis.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return id of the message
	 * @throws IllegalArgumentException if there is no such job
	 * @throws CronException if Redis refuses or does not answer
	 */
	RecordId trigger(String stream, String job);

	/**
	 * Pause a job in all applications, until somebody resumes it; restarts change
	 * nothing. Fire times that pass meanwhile are not made up for. Waits for Redis.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @throws IllegalArgumentException if there is no such job
	 * @throws CronException if Redis refuses or does not answer
	 */
	void pause(String stream, String job);

	/**
	 * Resume a job in all applications. Waits for Redis.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @throws IllegalArgumentException if there is no such job
	 * @throws CronException if Redis refuses or does not answer
	 */
	void resume(String stream, String job);

	/**
	 * Return a job as this application sees it, without asking Redis.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return the status, none if there is no such job
	 */
	Optional<CronJobStatus> getJob(String stream, String job);

	/**
	 * Return all jobs as this application sees them, without asking Redis.
	 * @return the jobs in the order in which they were added
	 */
	List<CronJobStatus> getJobs();

	/**
	 * Return which jobs cannot fire at the moment: each is logged, and tried again until
	 * it works.
	 * @return the outages, none while all is well
	 */
	default List<Outage> getOutages() {
		return List.of();
	}

	/**
	 * Stop for good and close the connection.
	 */
	@Override
	void close();

}
