package dev.pubsub.redis.metrics;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.pubsub.redis.producer.PublishObserver;
import dev.pubsub.redis.producer.PublishResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Counts what becomes of published messages ({@value #PUBLISHED}), and those that are on
 * their way ({@value #IN_FLIGHT}), by stream. An application may make up names of
 * streams, so that all after the first {@value #MOST_STREAMS} are counted together, as
 * {@value #OTHERS}. Thread-safe: a message finds its meters without a lock or an
 * allocation.
 *
 * @since 0.1.0
 */
public final class MicrometerPublishObserver implements PublishObserver {

	/**
	 * Counter of messages by what became of them.
	 */
	public static final String PUBLISHED = "pubsub.published";

	/**
	 * Messages that are sent and not answered yet.
	 */
	public static final String IN_FLIGHT = "pubsub.publish.in.flight";

	/**
	 * Name of all streams beyond the first {@value #MOST_STREAMS}.
	 */
	public static final String OTHERS = "_others";

	static final int MOST_STREAMS = 1000;

	private final MeterRegistry registry;

	private final Map<String, Meters> meters = new ConcurrentHashMap<>();

	public MicrometerPublishObserver(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void onSend(String stream) {
		metersOf(stream).inFlight.increment();
	}

	@Override
	public void onResult(PublishResult result) {
		Meters meters = metersOf(result.stream());
		meters.inFlight.decrement();
		Objects.requireNonNull(meters.results.get(result.status())).increment();
	}

	private Meters metersOf(String stream) {
		Meters known = this.meters.get(stream);
		if (known != null) {
			return known;
		}
		String name = (this.meters.size() < MOST_STREAMS) ? stream : OTHERS;
		return this.meters.computeIfAbsent(name, (any) -> new Meters(this.registry, MessagingTags.ofStream(name)));
	}

	private static final class Meters {

		private final Map<PublishResult.Status, Counter> results = new EnumMap<>(PublishResult.Status.class);

		private final LongAdder inFlight = new LongAdder();

		Meters(MeterRegistry registry, Tags tags) {
			for (PublishResult.Status status : PublishResult.Status.values()) {
				this.results.put(status,
						Counter.builder(PUBLISHED)
							.description("Messages by what became of them")
							.tags(tags.and("outcome", status.name().toLowerCase(Locale.ROOT)))
							.register(registry));
			}
			Gauge.builder(IN_FLIGHT, this.inFlight, LongAdder::sum)
				.description("Messages that are sent and not answered yet")
				.baseUnit("messages")
				.tags(tags)
				.strongReference(true)
				.register(registry);
		}

	}

}
