package dev.pubsub.redis.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.redis.Outages;

/**
 * What all jobs of a scheduler share.
 *
 * @param clock tells when it is time to fire
 * @param pace waits until then
 * @param options what all jobs have in common
 * @param events is told what happens at fire times
 */
record CronRuntime(Clock clock, Pace pace, CronOptions options, Consumer<CronEvent> events) {

	private static final long RETRY_MILLIS = 100;

	private static final long LONGEST_RETRY_MILLIS = 5000;

	Outages outages() {
		return new Outages(this.clock, System::nanoTime, Outages.REFUSED_DELAY);
	}

	Instant now() {
		return this.clock.instant();
	}

	/**
	 * Try again later: soon after the first failure, then ever less often, with jitter.
	 * @param failures how often it failed
	 * @param task what to try
	 */
	void retry(int failures, Runnable task) {
		long delay = Math.min(LONGEST_RETRY_MILLIS, RETRY_MILLIS << Math.min(failures - 1, 10));
		this.pace.after(Duration.ofMillis(ThreadLocalRandom.current().nextLong(delay / 2, delay + 1)), task);
	}

}
