package dev.pubsub.redis.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Meters that come and go together. Not thread-safe.
 */
final class MeterGroup {

	private final MeterRegistry registry;

	private final Tags tags;

	private final List<Meter> meters = new ArrayList<>();

	MeterGroup(MeterRegistry registry, Tags tags) {
		this.registry = registry;
		this.tags = tags;
	}

	/**
	 * Add a gauge.
	 * @param unit its unit, nothing for a state
	 * @param value its value at the moment
	 */
	void gauge(String name, Tags more, @Nullable String unit, String description, Supplier<Number> value) {
		add(Gauge.builder(name, value)
			.tags(this.tags.and(more))
			.baseUnit(unit)
			.description(description)
			.register(this.registry));
	}

	void gauge(String name, @Nullable String unit, String description, Supplier<Number> value) {
		gauge(name, Tags.empty(), unit, description, value);
	}

	<T extends Meter> T add(T meter) {
		this.meters.add(meter);
		return meter;
	}

	/**
	 * Remove the meters of what is there no more.
	 * @param shown what has meters
	 * @param present what is there
	 * @param meters returns the meters of one
	 */
	static <K, V> void keep(Map<K, V> shown, Set<K> present, Function<V, MeterGroup> meters) {
		shown.entrySet().removeIf((entry) -> {
			boolean gone = !present.contains(entry.getKey());
			if (gone) {
				meters.apply(entry.getValue()).remove();
			}
			return gone;
		});
	}

	void remove() {
		this.meters.forEach(this.registry::remove);
		this.meters.clear();
	}

}
