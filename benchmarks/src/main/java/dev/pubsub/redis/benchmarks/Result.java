package dev.pubsub.redis.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

import dev.pubsub.redis.benchmarks.Samples.Spread;

/**
 * One line of the results, as {@code results.json} has it. Figures are medians.
 *
 * @param name what was measured
 * @param unit its unit
 * @param ours this library
 * @param limit the bare driver, or the ideal
 * @param peer Spring Data Redis
 * @param ratioToLimit ours by limit
 * @param ratioToPeer ours by peer
 * @param rounds how often it was measured
 * @param spread lowest and highest by side
 * @param details what else was measured, by side
 */
@JsonPropertyOrder({ "name", "unit", "ours", "limit", "peer", "ratioToLimit", "ratioToPeer" })
record Result(String name, String unit, @Nullable Double ours, @Nullable Double limit, @Nullable Double peer,
		@Nullable Double ratioToLimit, @Nullable Double ratioToPeer, int rounds, Map<String, double[]> spread,
		Map<String, Map<String, Double>> details) {

	static Result of(Figure figure, Samples samples) {
		Spread ours = samples.spread(Side.OURS, figure.metric());
		Spread limit = samples.spread(Side.LIMIT, figure.metric());
		if (figure.ideal() != null) {
			limit = new Spread(figure.ideal(), figure.ideal(), figure.ideal(), 0);
		}
		return of(figure, samples, ours, limit, samples.spread(Side.PEER, figure.metric()));
	}

	/**
	 * Return the result of a benchmark whose figure is what we, or the peer, add to the
	 * limit.
	 */
	static Result ofAdded(Figure figure, Samples samples) {
		return of(figure, samples, samples.difference(Side.OURS, Side.LIMIT, figure.metric()), null,
				samples.difference(Side.PEER, Side.LIMIT, figure.metric()));
	}

	private static Result of(Figure figure, Samples samples, @Nullable Spread ours, @Nullable Spread limit,
			@Nullable Spread peer) {
		Map<String, double[]> spread = new LinkedHashMap<>();
		put(spread, Side.OURS, ours);
		put(spread, Side.LIMIT, limit);
		put(spread, Side.PEER, peer);
		Map<String, Map<String, Double>> details = new LinkedHashMap<>();
		for (Side side : Side.values()) {
			Map<String, Double> medians = samples.medians(side);
			if (!medians.isEmpty()) {
				details.put(side.text(), medians);
			}
		}
		return new Result(figure.name(), figure.unit(), median(ours), median(limit), median(peer), ratio(ours, limit),
				ratio(ours, peer), (ours != null) ? ours.count() : 0, spread, details);
	}

	private static void put(Map<String, double[]> spreads, Side side, @Nullable Spread spread) {
		if (spread != null && spread.count() > 0) {
			spreads.put(side.text(), new double[] { spread.min(), spread.max() });
		}
	}

	private static @Nullable Double median(@Nullable Spread spread) {
		return (spread != null) ? spread.median() : null;
	}

	private static @Nullable Double ratio(@Nullable Spread one, @Nullable Spread other) {
		return (one != null && other != null && other.median() != 0) ? one.median() / other.median() : null;
	}

}
