package dev.pubsub.redis.internal.delivery;

import java.time.Instant;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * What handlers and messages of consumers do at a moment.
 *
 * @param threads how many handlers may run at a time
 * @param busy how many run
 * @param stuck how many of those ignore their interrupt
 * @param stalledSince since when all threads of a consumer are stuck, {@code null} while
 * none is so
 * @param queued messages that wait for a thread
 * @param running messages that are with their handler
 * @param waiting messages that wait for their next attempt
 * @param settling messages that left their handler, and Redis is not told yet
 */
public record DeliveryActivity(int threads, int busy, int stuck, @Nullable Instant stalledSince, int queued,
		int running, int waiting, int settling) {

	static final DeliveryActivity NONE = new DeliveryActivity(0, 0, 0, null, 0, 0, 0, 0);

	/**
	 * Return what several consumers do together.
	 */
	static DeliveryActivity sum(Collection<DeliveryActivity> parts) {
		return parts.stream().reduce(NONE, DeliveryActivity::plus);
	}

	private DeliveryActivity plus(DeliveryActivity other) {
		return new DeliveryActivity(this.threads + other.threads, this.busy + other.busy, this.stuck + other.stuck,
				earlier(this.stalledSince, other.stalledSince), this.queued + other.queued,
				this.running + other.running, this.waiting + other.waiting, this.settling + other.settling);
	}

	private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return one.isBefore(other) ? one : other;
	}

}
