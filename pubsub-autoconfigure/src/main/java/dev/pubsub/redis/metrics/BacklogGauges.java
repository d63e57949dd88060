package dev.pubsub.redis.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.monitor.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Gauges of how much of the subscribed streams waits. Their value is not a number while
 * Redis does not tell it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BacklogGauges {

	/**
	 * Entries that no consumer of a group has had yet.
	 */
	public static final String LAG = "pubsub.group.lag";

	/**
	 * Entries that were delivered and are not acknowledged.
	 */
	public static final String PENDING = "pubsub.group.pending";

	/**
	 * Consumers of a group, in all applications.
	 */
	public static final String CONSUMERS = "pubsub.group.consumers";

	/**
	 * Seconds since the oldest pending entry was added.
	 */
	public static final String OLDEST_PENDING = "pubsub.group.oldest.pending.age";

	/**
	 * Seconds since the oldest unread entry was added.
	 */
	public static final String OLDEST_UNREAD = "pubsub.group.oldest.unread.age";

	/**
	 * Entries of a stream.
	 */
	public static final String LENGTH = "pubsub.stream.length";

	/**
	 * Memory that a stream takes in Redis.
	 */
	public static final String MEMORY = "pubsub.stream.memory";

	/**
	 * Dead letters of a stream.
	 */
	public static final String DEAD_LETTERS = "pubsub.dead.letters";

	private final MeterRegistry registry;

	private final Function<String, Optional<Backlog>> backlogs;

	private final Clock clock;

	/**
	 * Create gauges of nothing.
	 * @param registry gets the gauges
	 * @param backlogs returns how much waits now, by the id of a subscription
	 * @param clock the clock that the ids of entries are compared with
	 */
	public BacklogGauges(MeterRegistry registry, Function<String, Optional<Backlog>> backlogs, Clock clock) {
		this.registry = registry;
		this.backlogs = backlogs;
		this.clock = clock;
	}

	/**
	 * Show a subscription. Does nothing where it is shown already.
	 * @param subscription the subscription
	 */
	public void show(Subscription subscription) {
		String id = subscription.id();
		Tags group = MessagingTags.of(subscription);
		gauge(LAG, group, id, "entries", (backlog) -> known(backlog.getLag()),
				"Entries that no consumer of the group has had yet");
		gauge(PENDING, group, id, "entries", Backlog::getPending,
				"Entries that were delivered and are not acknowledged");
		gauge(CONSUMERS, group, id, "consumers", Backlog::getConsumers, "Consumers of the group, in all applications");
		gauge(OLDEST_PENDING, group, id, "seconds", (backlog) -> age(backlog.getOldestPending()),
				"Time since the oldest pending entry was added");
		gauge(OLDEST_UNREAD, group, id, "seconds", (backlog) -> age(backlog.getOldestUnread()),
				"Time since the oldest unread entry was added");
		Tags stream = MessagingTags.ofStream(subscription.stream());
		gauge(LENGTH, stream, id, "entries", Backlog::getStreamLength, "Entries of the stream, handled or not");
		gauge(MEMORY, stream, id, "bytes", (backlog) -> known(backlog.getStreamBytes()),
				"Memory that the stream takes in Redis");
		String deadLetters = subscription.deadLetterStream();
		if (deadLetters != null) {
			gauge(DEAD_LETTERS, stream.and("dead.letter.stream", deadLetters), id, "entries", Backlog::getDeadLetters,
					"Messages that were given up");
		}
	}

	private void gauge(String name, Tags tags, String id, String unit, ToDoubleFunction<Backlog> value,
			String description) {
		Supplier<Number> current = () -> this.backlogs.apply(id)
			.map((backlog) -> (Number) value.applyAsDouble(backlog))
			.orElse(Double.NaN);
		Gauge.builder(name, current).tags(tags).baseUnit(unit).description(description).register(this.registry);
	}

	private static double known(OptionalLong number) {
		return number.isPresent() ? number.getAsLong() : Double.NaN;
	}

	private double age(Optional<Instant> since) {
		return since.map((time) -> Math.max(0, Duration.between(time, this.clock.instant()).toMillis()) / 1000.0)
			.orElse(0.0);
	}

}
