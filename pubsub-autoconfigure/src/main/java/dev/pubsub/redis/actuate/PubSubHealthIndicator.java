package dev.pubsub.redis.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of the listener containers and cron jobs: down when a container could not start,
 * when Redis does not answer its reads, or when Redis refuses one of the commands that
 * the library needs. Details say what fails, why and since when. A container that was
 * stopped or paused on purpose is well.
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
			List<Outage> outages = container.getOutages();
			if (!isWell(container, now) || isSerious(outages, longest(container), now)) {
				builder.down();
			}
			builder.withDetail(container.getId(), details(container, outages, now));
		}
		List<Outage> ofCron = this.cronOutages.get();
		if (!ofCron.isEmpty()) {
			builder.withDetail("cron", ofCron.stream().map(PubSubHealthIndicator::details).toList());
		}
		if (isSerious(ofCron, MARGIN, now)) {
			builder.down();
		}
	}

	private static boolean isWell(StreamListenerContainer container, Instant now) {
		return switch (container.getState()) {
			case STOPPED, PAUSED, STOPPING -> true;
			case FAILED -> false;
			case STARTING, RUNNING -> isAnswered(container, now);
		};
	}

	private static boolean isAnswered(StreamListenerContainer container, Instant now) {
		Instant lastPoll = container.getLastPoll();
		return lastPoll != null && lastPoll.plus(longest(container)).isAfter(now);
	}

	private static Duration longest(StreamListenerContainer container) {
		return container.getSubscription().options().block().plus(MARGIN);
	}

	/**
	 * What Redis refuses does not heal by itself, other failures may.
	 */
	private static boolean isSerious(List<Outage> outages, Duration patience, Instant now) {
		return outages.stream()
			.anyMatch((outage) -> outage.isRefused() || !outage.getSince().plus(patience).isAfter(now));
	}

	private static Map<String, Object> details(StreamListenerContainer container, List<Outage> outages, Instant now) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("stream", SafeText.of(container.getSubscription().stream()));
		details.put("group", SafeText.of(container.getSubscription().group()));
		details.put("state", container.getState());
		Instant lastPoll = container.getLastPoll();
		if (lastPoll != null) {
			details.put("lastPoll", lastPoll);
		}
		if (!outages.isEmpty()) {
			details.put("outages", outages.stream().map(PubSubHealthIndicator::details).toList());
		}
		else if (!isWell(container, now)) {
			details.put("reason", (lastPoll != null) ? "Redis has not answered a read since " + lastPoll
					: "Redis has not answered a read yet");
		}
		return details;
	}

	static Map<String, Object> details(Outage outage) {
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
