package dev.pubsub.redis.benchmarks;

import java.util.Map;

/**
 * Something to do and measure.
 */
@FunctionalInterface
interface Workload {

	/**
	 * Do it and measure it.
	 * @param side who does it
	 * @param settings how much of it
	 * @return figures by name
	 */
	Map<String, Double> run(Side side, Settings settings) throws Exception;

}
