package dev.pubsub.redis.cron;

/**
 * What happens at a fire time while the previous message of the job is not settled.
 *
 * @since 0.1.0
 */
public enum Overlap {

	/**
	 * The job fires: two of its messages may be handled at the same time.
	 */
	ALLOW,

	/**
	 * The job does not fire until every group of the stream has settled the previous
	 * message: acknowledged it, or given it up. A group that has not read it yet counts,
	 * so one that nobody reads any more must be deleted.
	 */
	SKIP

}
