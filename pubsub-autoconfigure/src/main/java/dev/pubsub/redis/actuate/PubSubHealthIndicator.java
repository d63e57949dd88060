package dev.pubsub.redis.actuate;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.operations.Diagnosis;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of the listener containers and cron jobs: down when a container could not start,
 * when all its threads are stuck, when Redis does not answer its reads, or when Redis
 * refuses one of the commands that the library needs. Details say what fails, why and
 * since when. A container that was stopped or paused on purpose is well.
 *
 * @since 0.1.0
 */
public class PubSubHealthIndicator extends AbstractHealthIndicator {

	private final StreamListenerContainerRegistry registry;

	private final Supplier<List<Outage>> cronOutages;

	private final Clock clock;

	/**
	 * Create an indicator without cron jobs.
	 * @param registry knows the containers
	 * @param clock the clock that containers note their reads with
	 */
	public PubSubHealthIndicator(StreamListenerContainerRegistry registry, Clock clock) {
		this(registry, List::of, clock);
	}

	/**
	 * Create an indicator.
	 * @param registry knows the containers
	 * @param cronOutages returns what fails of cron jobs at the moment
	 * @param clock the clock that containers note their reads with
	 */
	public PubSubHealthIndicator(StreamListenerContainerRegistry registry, Supplier<List<Outage>> cronOutages,
			Clock clock) {
		super("Health check of listener containers failed");
		this.registry = registry;
		this.cronOutages = cronOutages;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		Instant now = this.clock.instant();
		for (StreamListenerContainer container : this.registry.getContainers()) {
			Optional<Diagnosis> diagnosis = Diagnosis.of(container, now);
			if (diagnosis.isPresent()) {
				builder.down();
			}
			builder.withDetail(container.getId(), details(container, diagnosis.orElse(null)));
		}
		List<Outage> ofCron = this.cronOutages.get();
		if (!ofCron.isEmpty()) {
			builder.withDetail("cron", ofCron.stream().map(PubSubHealthIndicator::details).toList());
		}
		if (Diagnosis.of(ofCron, now).isPresent()) {
			builder.down();
		}
	}

	private static Map<String, Object> details(StreamListenerContainer container, @Nullable Diagnosis diagnosis) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("stream", SafeText.of(container.getSubscription().stream()));
		details.put("group", SafeText.of(container.getSubscription().group()));
		details.put("state", container.getState());
		Instant lastPoll = container.getLastPoll();
		if (lastPoll != null) {
			details.put("lastPoll", lastPoll);
		}
		if (diagnosis != null) {
			details.put("reason", diagnosis.reason());
			if (diagnosis.since() != null) {
				details.put("since", diagnosis.since());
			}
		}
		if (!container.getOutages().isEmpty()) {
			details.put("outages", container.getOutages().stream().map(PubSubHealthIndicator::details).toList());
		}
		return details;
	}

	private static Map<String, Object> details(Outage outage) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("activity", SafeText.of(outage.getActivity()));
		details.put("since", outage.getSince());
		if (outage.getCommand() != null) {
			details.put("command", outage.getCommand());
		}
		if (outage.getKey() != null) {
			details.put("key", SafeText.of(outage.getKey()));
		}
		details.put("reason", outage.getReason());
		return details;
	}

}
