package dev.pubsub.redis.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of the listener containers: down when one of them could not start, or when Redis
 * does not answer its reads. A container that was stopped or paused on purpose is well.
 *
 * @since 0.1.0
 */
public class PubSubHealthIndicator extends AbstractHealthIndicator {

	/**
	 * How much longer than its blocking time a read may take: what the container allows
	 * for the answer, and some time to connect again.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(7);

	private final StreamListenerContainerRegistry registry;

	private final Clock clock;

	/**
	 * Create an indicator.
	 * @param registry knows the containers
	 * @param clock the clock that containers note their reads with
	 */
	public PubSubHealthIndicator(StreamListenerContainerRegistry registry, Clock clock) {
		super("Health check of listener containers failed");
		this.registry = registry;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		Instant now = this.clock.instant();
		for (StreamListenerContainer container : this.registry.getContainers()) {
			if (!isWell(container, now)) {
				builder.down();
			}
			builder.withDetail(container.getId(), details(container));
		}
	}

	private static boolean isWell(StreamListenerContainer container, Instant now) {
		return switch (container.getState()) {
			case STOPPED, PAUSED, STOPPING -> true;
			case FAILED -> false;
			case STARTING, RUNNING -> {
				Instant lastPoll = container.getLastPoll();
				Duration longest = container.getSubscription().options().block().plus(MARGIN);
				yield lastPoll != null && lastPoll.plus(longest).isAfter(now);
			}
		};
	}

	private static Map<String, Object> details(StreamListenerContainer container) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", container.getState());
		Instant lastPoll = container.getLastPoll();
		if (lastPoll != null) {
			details.put("lastPoll", lastPoll);
		}
		return details;
	}

}
