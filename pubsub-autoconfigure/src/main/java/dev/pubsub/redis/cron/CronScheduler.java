package dev.pubsub.redis.cron;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;

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
	 * Return a scheduler without jobs.
	 * @param connections opens its connection
	 * @param threads its timer; the caller closes both after the scheduler
	 * @param options what all jobs have in common
	 * @param clock tells when it is time to fire
	 * @param events is told what happens at fire times, on a thread that it must not
	 * block
	 * @return the scheduler, not running
	 */
	static CronScheduler create(StreamConnections connections, BackgroundThreads threads, CronOptions options,
			Clock clock, Consumer<CronEvent> events) {
		return DefaultCronScheduler.create(connections, threads, options, clock, events);
	}

	/**
	 * Return a scheduler without jobs that works without anything else.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @param options what all jobs have in common
	 * @param clock tells when it is time to fire
	 * @return the scheduler, not running; the caller closes it
	 */
	static CronScheduler create(LettuceConnectionFactory connectionFactory, CronOptions options, Clock clock) {
		return DefaultCronScheduler.create(connectionFactory, options, clock);
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
	 * Stop for good and close the connection.
	 */
	@Override
	void close();

}
