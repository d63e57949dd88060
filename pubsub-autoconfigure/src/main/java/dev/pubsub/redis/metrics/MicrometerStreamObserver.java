package dev.pubsub.redis.metrics;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.observe.GroupLoss;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.MessageEvent;
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
 * ({@value #HANDLER}), by subscription and outcome, and counts entries that were removed
 * unread ({@value #UNREAD_LOST}) and groups that were gone ({@value #GROUPS_LOST}).
 * Thread-safe: what happens to a message finds its meters without a lock or an
 * allocation.
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

	/**
	 * Counter of groups that were gone and were created again.
	 */
	public static final String GROUPS_LOST = "pubsub.groups.lost";

	private final MeterRegistry registry;

	private final Map<String, Map<Enum<?>, Meters>> meters = new ConcurrentHashMap<>();

	public MicrometerStreamObserver(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Register the meters of a subscription before something happens: a rate cannot be
	 * told of what appears with its first event.
	 * @param subscription the subscription
	 */
	public void show(Subscription subscription) {
		this.meters.computeIfAbsent(subscription.id(), (id) -> register(MessagingTags.of(subscription)));
		unreadLost(MessagingTags.of(subscription));
		groupsLost(MessagingTags.of(subscription));
	}

	@Override
	public void onEvent(MessageEvent event) {
		Map<Enum<?>, Meters> ofContainer = this.meters.get(event.container());
		if (ofContainer == null) {
			ofContainer = this.meters.computeIfAbsent(event.container(),
					(id) -> register(MessagingTags.of(id, event.stream(), event.group())));
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
		unreadLost(MessagingTags.of(loss.container(), loss.stream(), loss.group())).increment(loss.atLeast());
	}

	@Override
	public void onGroupLoss(GroupLoss loss) {
		groupsLost(MessagingTags.of(loss.container(), loss.stream(), loss.group())).increment();
	}

	private Counter unreadLost(Tags tags) {
		return Counter.builder(UNREAD_LOST)
			.description("Entries that were removed before their group had read them")
			.tags(tags)
			.register(this.registry);
	}

	private Counter groupsLost(Tags tags) {
		return Counter.builder(GROUPS_LOST)
			.description("Groups that were gone and were created again")
			.tags(tags)
			.register(this.registry);
	}

	private Map<Enum<?>, Meters> register(Tags subscription) {
		Map<Enum<?>, Meters> registered = new HashMap<>();
		for (Outcome outcome : Outcome.values()) {
			Tags tags = tags(subscription, outcome);
			registered.put(outcome, new Meters(counter(tags), outcome.isTimed() ? handler(tags) : null));
		}
		for (Kind kind : Kind.values()) {
			if (kind != Kind.OUTCOME) {
				registered.put(kind, new Meters(counter(tags(subscription, kind)), null));
			}
		}
		return registered;
	}

	private static Tags tags(Tags subscription, Enum<?> what) {
		return subscription.and("outcome", what.name().toLowerCase(Locale.ROOT));
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
