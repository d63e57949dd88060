package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A cron job of this application.
 *
 * @param stream its stream
 * @param job its name
 * @param expression its cron expression
 * @param zone its time zone
 * @param overlap what it does while its last message is handled
 * @param misfire what it does about missed fire times
 * @param paused whether it is paused
 * @param lastFire its last fire time, or when the job became known if there was none yet;
 * {@code null} before Redis was asked
 * @param nextFires its next fire times, none while it is paused or not scheduled
 * @since 0.1.0
 */
public record CronStatus(String stream, String job, String expression, String zone, String overlap, String misfire,
		boolean paused, @Nullable Instant lastFire, List<Instant> nextFires) {

	public CronStatus {
		nextFires = List.copyOf(nextFires);
	}

}
