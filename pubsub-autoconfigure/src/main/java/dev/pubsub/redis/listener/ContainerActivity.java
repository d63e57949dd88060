package dev.pubsub.redis.listener;

import java.time.Instant;

import dev.pubsub.redis.internal.delivery.DeliveryActivity;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers and messages of a container do at a moment, in this process.
 *
 * @param threads how many handlers may run at a time
 * @param busy how many run
 * @param stuck how many of those still run 5 s after the interrupt at their deadline
 * @param stalledSince since when all threads of a reader loop are stuck, so that it
 * handles nothing; {@code null} while none is
 * @param queued messages that wait for a thread
 * @param running messages that are with their handler
 * @param waiting messages that wait for their next attempt
 * @param settling messages that left their handler, and Redis is not told yet
 * @since 0.1.0
 */
public record ContainerActivity(int threads, int busy, int stuck, @Nullable Instant stalledSince, int queued,
		int running, int waiting, int settling) {

	/**
	 * What a container does that does not run.
	 */
	public static final ContainerActivity NONE = new ContainerActivity(0, 0, 0, null, 0, 0, 0, 0);

	static ContainerActivity of(DeliveryActivity activity) {
		return new ContainerActivity(activity.threads(), activity.busy(), activity.stuck(), activity.stalledSince(),
				activity.queued(), activity.running(), activity.waiting(), activity.settling());
	}

}
