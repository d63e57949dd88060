package dev.pubsub.redis.operations;

/**
 * Looks at and acts on the cron jobs of this application. Thread-safe.
 *
 * @since 0.1.0
 * @see PubSubOperations
 */
public interface CronOperations {

	/**
	 * Return jobs by stream and name, without asking Redis.
	 * @param page which of them
	 * @return the jobs
	 */
	Page<CronStatus> list(PageRequest page);

	/**
	 * Return one job, without asking Redis.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return the job
	 */
	CronStatus get(String stream, String job);

	/**
	 * Add a message to the stream of a job now, whatever its schedule says.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return id of the message
	 */
	String trigger(String stream, String job);

	/**
	 * Pause a job in all applications, until it is resumed.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return the job afterwards
	 */
	CronStatus pause(String stream, String job);

	/**
	 * Resume a job in all applications.
	 * @param stream stream of the job
	 * @param job name of the job
	 * @return the job afterwards
	 */
	CronStatus resume(String stream, String job);

}
