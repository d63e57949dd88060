package dev.pubsub.redis.cron;

/**
 * What happens at a fire time while the previous message of the job is still pending.
 *
 * @since 0.1.0
 */
public enum Overlap {

	/**
	 * The job fires: two of its messages may be handled at the same time.
	 */
	ALLOW,

	/**
	 * The job does not fire until the previous message is settled.
	 */
	SKIP

}
