package dev.pubsub.redis.cron;

/**
 * What happens to fire times that passed while no application was running.
 *
 * @since 0.1.0
 */
public enum Misfire {

	/**
	 * They are skipped: the job goes on with its next fire time.
	 */
	SKIP,

	/**
	 * The last of them is made up for, once, if it is young enough.
	 */
	FIRE_ONCE

}
