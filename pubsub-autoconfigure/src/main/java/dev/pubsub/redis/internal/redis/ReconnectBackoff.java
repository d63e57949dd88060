package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Delays between attempts to connect: full jitter under an exponential ceiling, so that
 * many clients that lost the same server do not come back at the same moment.
 *
 * @see <a href=
 * "https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * Backoff And Jitter</a>
 */
final class ReconnectBackoff {

	private static final long FLOOR_MILLIS = 50;

	private static final long CEILING_MILLIS = 2000;

	private ReconnectBackoff() {
	}

	static Duration delay(int failures) {
		long ceiling = Math.min(CEILING_MILLIS, FLOOR_MILLIS << Math.min(failures, 10));
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(FLOOR_MILLIS, ceiling + 1));
	}

}
