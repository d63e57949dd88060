package dev.pubsub.redis.cron;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A job as this application sees it.
 *
 * @param job the job
 * @param paused whether it is paused
 * @param lastFire its last fire time that somebody claimed, or when the job became known
 * if there was none yet; {@code null} before Redis was asked
 * @param nextFire its next fire time, {@code null} while it is paused or the scheduler
 * does not run
 * @since 0.1.0
 */
public record CronJobStatus(CronJob job, boolean paused, @Nullable Instant lastFire, @Nullable Instant nextFire) {

}
