package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.cron.CronEvent;

/**
 * Is told at once what happens in the cron jobs of its context.
 */
@FunctionalInterface
interface CronObserver {

	void onEvent(CronEvent event);

}
