package dev.pubsub.redis.metrics;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts connections to Redis that were made in the place of lost ones
 * ({@value #RECONNECTS}), by what they are for. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ConnectionMeters {

	/**
	 * Counter of connections that were made in the place of lost ones.
	 */
	public static final String RECONNECTS = "pubsub.reconnects";

	private final MeterRegistry registry;

	private final Supplier<Map<String, Long>> reconnects;

	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	/**
	 * Create meters of nothing.
	 * @param registry gets the meters
	 * @param reconnects returns the numbers so far, by what connections are for
	 */
	public ConnectionMeters(MeterRegistry registry, Supplier<Map<String, Long>> reconnects) {
		this.registry = registry;
		this.reconnects = reconnects;
	}

	/**
	 * Show all kinds of connections that were opened so far.
	 */
	public void show() {
		this.reconnects.get().keySet().forEach((purpose) -> {
			if (this.shown.add(purpose)) {
				FunctionCounter
					.builder(RECONNECTS, this.reconnects, (present) -> present.get().getOrDefault(purpose, 0L))
					.description("Connections to Redis that were made in the place of lost ones")
					.tags(MessagingTags.SYSTEM, MessagingTags.REDIS, "connection", purpose)
					.register(this.registry);
			}
		});
	}

}
