package dev.pubsub.redis.cron;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.CronScripts;

/**
 * What all applications that share a job know together: which of its fire times are
 * claimed.
 */
interface FireLedger {

	/**
	 * Make the job known.
	 * @param since when it fired last, if it is new or has another schedule than before
	 * @return what is known about it
	 */
	CompletableFuture<CronScripts.State> register(Instant since);

	/**
	 * Claim a fire time and add its message, in one step.
	 * @param at the fire time
	 * @param last the last fire time that the caller knows
	 * @param message the message
	 * @return what became of it
	 */
	CompletableFuture<CronScripts.Fire> fire(Instant at, Instant last, EntryFields message);

}
