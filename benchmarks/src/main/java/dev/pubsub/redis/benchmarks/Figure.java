package dev.pubsub.redis.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One line of the results.
 *
 * @param name its name
 * @param unit its unit
 * @param metric which of the trial's figures it shows
 * @param ideal what to compare with where no program can be the limit
 */
record Figure(String name, String unit, String metric, @Nullable Double ideal) {

	static Figure of(String name, String unit, String metric) {
		return new Figure(name, unit, metric, null);
	}

	static Figure ideal(String name, String unit, String metric, double ideal) {
		return new Figure(name, unit, metric, ideal);
	}

}
