package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.concurrent.SharedTicks;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes consumers of a group that are gone, now and then. Only for one thread at a
 * time.
 */
final class ConsumerReaper {

	private static final Logger logger = LoggerFactory.getLogger(ConsumerReaper.class);

	private static final Duration RETRY_DELAY = Duration.ofSeconds(10);

	private static final Duration NO_REPLY_DELAY = Duration.ofSeconds(1);

	private final GroupClient client;

	private final Duration idleAfter;

	private final OutageLog outage;

	private volatile long next;

	ConsumerReaper(GroupClient client, Duration idleAfter, OutageLog outage) {
		this.client = client;
		this.idleAfter = idleAfter;
		this.outage = outage;
	}

	/**
	 * Look for such consumers soon, and then now and then: where nothing is claimed,
	 * nothing else calls {@link #reap()}.
	 * @param interval time between calls, of which most find that it is too early
	 * @return to be stopped at the end
	 */
	Loop start(SharedTicks ticks, Duration interval) {
		Loop[] loop = new Loop[1];
		Loop reaping = ticks.loop("Looking for idle consumers of " + this.client.group(), interval, () -> {
			loop[0].wakeAfter(interval);
			reap();
		});
		loop[0] = reaping;
		reaping.wakeAfter(interval);
		return reaping;
	}

	private long pause() {
		return this.idleAfter.toNanos() / 2;
	}

	void reap() {
		long now = System.nanoTime();
		if (this.next != 0 && now - this.next < 0) {
			return;
		}
		this.next = now + pause();
		this.client.reapOthers(this.idleAfter).whenComplete((reaped, failure) -> {
			if (failure != null) {
				this.next = System.nanoTime() + failed(failure).toNanos();
				return;
			}
			this.outage.succeeded();
			if (reaped != null && reaped > 0) {
				logger.info("Deleted {} consumers of {} that were idle", reaped, this.client.group());
			}
		});
	}

	/**
	 * Others tell that Redis is away, or has no such stream or group yet or any more, and
	 * know first when that is over.
	 * @return the time until the next attempt
	 */
	private Duration failed(Throwable failure) {
		RedisFault fault = RedisFault.of(failure);
		if (fault != RedisFault.REFUSED) {
			logger.debug("Cannot look for idle consumers of {} now", this.client.group(), failure);
			return NO_REPLY_DELAY;
		}
		Duration soon = Duration.ofNanos(Math.min(pause(), RETRY_DELAY.toNanos()));
		return this.outage.failed(failure, "it is tried again", soon);
	}

}
