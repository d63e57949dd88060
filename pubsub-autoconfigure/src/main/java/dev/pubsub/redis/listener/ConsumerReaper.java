package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes consumers of a group that are gone, now and then. Only for one thread at a
 * time.
 */
final class ConsumerReaper {

	private static final Logger logger = LoggerFactory.getLogger(ConsumerReaper.class);

	private final GroupClient client;

	private final Duration idleAfter;

	private volatile long next;

	ConsumerReaper(GroupClient client, Duration idleAfter) {
		this.client = client;
		this.idleAfter = idleAfter;
	}

	/**
	 * Look for such consumers soon, and then now and then: where nothing is claimed,
	 * nothing else calls {@link #reap()}.
	 * @return to be cancelled at the end
	 */
	ScheduledFuture<?> start(ScheduledExecutorService timer, Duration soon) {
		long first = soon.toNanos();
		return timer.scheduleWithFixedDelay(this::reapQuietly, first, Math.max(first, pause()), TimeUnit.NANOSECONDS);
	}

	private long pause() {
		return this.idleAfter.toNanos() / 2;
	}

	private void reapQuietly() {
		try {
			reap();
		}
		catch (RuntimeException ex) {
			logger.debug("Cannot look for idle consumers of {}", this.client.group(), ex);
		}
	}

	void reap() {
		long now = System.nanoTime();
		if (this.next != 0 && now - this.next < 0) {
			return;
		}
		this.next = now + pause();
		this.client.scripts().reapOthers(this.idleAfter).whenComplete((reaped, failure) -> {
			if (failure != null) {
				logger.debug("Cannot look for idle consumers of {}", this.client.group(), failure);
			}
			else if (reaped != null && reaped > 0) {
				logger.info("Deleted {} consumers of {} that were idle", reaped, this.client.group());
			}
		});
	}

}
