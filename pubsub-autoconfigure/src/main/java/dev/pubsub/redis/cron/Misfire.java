package dev.pubsub.redis.cron;

/**
 * What happens to fire times that passed while no application was running. What the
 * running ones could not do in time, since Redis was down for example, they do later
 * whatever the policy, as long as the grace of {@link CronOptions} lasts: once, for the
 * last fire time that passed.
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
