package dev.pubsub.redis.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What the trials of one benchmark measured, in all rounds.
 */
final class Samples {

	private final Map<Side, Map<String, List<Double>>> figures = new EnumMap<>(Side.class);

	void add(Side side, Map<String, Double> measured) {
		Map<String, List<Double>> bySide = this.figures.computeIfAbsent(side, (key) -> new LinkedHashMap<>());
		measured.forEach((metric, value) -> bySide.computeIfAbsent(metric, (key) -> new ArrayList<>()).add(value));
	}

	/**
	 * Return the spread of a metric, or {@code null} when that side did not measure it.
	 */
	@Nullable Spread spread(Side side, String metric) {
		List<Double> values = this.figures.getOrDefault(side, Map.of()).get(metric);
		return (values != null) ? Spread.of(values) : null;
	}

	/**
	 * Return how much more one side measured than another in the same round.
	 */
	@Nullable Spread difference(Side one, Side other, String metric) {
		List<Double> ones = this.figures.getOrDefault(one, Map.of()).getOrDefault(metric, List.of());
		List<Double> others = this.figures.getOrDefault(other, Map.of()).getOrDefault(metric, List.of());
		List<Double> differences = new ArrayList<>();
		for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
			differences.add(ones.get(i) - others.get(i));
		}
		return differences.isEmpty() ? null : Spread.of(differences);
	}

	/**
	 * Return all medians of a side, by metric.
	 */
	Map<String, Double> medians(Side side) {
		Map<String, Double> medians = new LinkedHashMap<>();
		this.figures.getOrDefault(side, Map.of())
			.forEach((metric, values) -> medians.put(metric, Spread.of(values).median()));
		return medians;
	}

	/**
	 * Middle and ends of some values.
	 *
	 * @param median the middle
	 * @param min the lowest
	 * @param max the highest
	 * @param count how many
	 */
	record Spread(double median, double min, double max, int count) {

		static Spread of(List<Double> values) {
			List<Double> sorted = new ArrayList<>(values);
			Collections.sort(sorted);
			int size = sorted.size();
			double upper = Objects.requireNonNull(sorted.get(size / 2));
			double lower = Objects.requireNonNull(sorted.get((size - 1) / 2));
			return new Spread((lower + upper) / 2, sorted.get(0), sorted.get(size - 1), size);
		}

	}

}
