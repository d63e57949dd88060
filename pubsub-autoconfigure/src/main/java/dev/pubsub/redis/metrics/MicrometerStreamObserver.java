package dev.pubsub.redis.metrics;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.observe.UnreadLoss;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to messages ({@value #MESSAGES}) and times their handlers
 * ({@value #HANDLER}), by container, stream, group and outcome, and counts entries that
 * were removed unread ({@value #UNREAD_LOST}). Thread-safe.
 *
 * @since 0.1.0
 */
public final class MicrometerStreamObserver implements StreamObserver {

	/**
	 * Counter of messages by what happened to them.
	 */
	public static final String MESSAGES = "pubsub.messages";

	/**
	 * Timer of handlers.
	 */
	public static final String HANDLER = "pubsub.handler";

	/**
	 * Counter of entries that were removed before their group had read them.
	 */
	public static final String UNREAD_LOST = "pubsub.unread.lost";

	private final MeterRegistry registry;

	private final Map<String, Map<Enum<?>, Meters>> meters = new ConcurrentHashMap<>();

	public MicrometerStreamObserver(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void onEvent(MessageEvent event) {
		Map<Enum<?>, Meters> ofContainer = this.meters.get(event.container());
		if (ofContainer == null) {
			ofContainer = this.meters.computeIfAbsent(event.container(), (id) -> register(event));
		}
		Outcome outcome = event.outcome();
		Meters meters = ofContainer.get((outcome != null) ? outcome : event.kind());
		if (meters != null) {
			meters.messages.increment();
			if (meters.handler != null && !event.duration().isZero()) {
				meters.handler.record(event.duration());
			}
		}
	}

	@Override
	public void onUnreadLoss(UnreadLoss loss) {
		Counter.builder(UNREAD_LOST)
			.description("Entries that were removed before their group had read them")
			.tags("container", loss.container(), "stream", loss.stream(), "group", loss.group())
			.register(this.registry)
			.increment(loss.atLeast());
	}

	private Map<Enum<?>, Meters> register(MessageEvent event) {
		Map<Enum<?>, Meters> registered = new HashMap<>();
		for (Outcome outcome : Outcome.values()) {
			Tags tags = tags(event, outcome);
			registered.put(outcome, new Meters(counter(tags), outcome.isTimed() ? handler(tags) : null));
		}
		for (Kind kind : Kind.values()) {
			if (kind != Kind.OUTCOME) {
				registered.put(kind, new Meters(counter(tags(event, kind)), null));
			}
		}
		return registered;
	}

	private static Tags tags(MessageEvent event, Enum<?> what) {
		return Tags.of("container", event.container(), "stream", event.stream(), "group", event.group(), "outcome",
				what.name().toLowerCase(Locale.ROOT));
	}

	private Counter counter(Tags tags) {
		return Counter.builder(MESSAGES)
			.description("Messages by what happened to them")
			.tags(tags)
			.register(this.registry);
	}

	private Timer handler(Tags tags) {
		return Timer.builder(HANDLER).description("Time that handlers take").tags(tags).register(this.registry);
	}

	private record Meters(Counter messages, @Nullable Timer handler) {

	}

}
