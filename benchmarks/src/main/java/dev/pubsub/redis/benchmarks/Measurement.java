package dev.pubsub.redis.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Takes one benchmark's samples: sides take turns, round after round. A stream to be
 * consumed is filled once, and has a group for each trial.
 */
final class Measurement {

	private final Benchmark benchmark;

	private final String name;

	private final int rounds;

	private final RedisServer server;

	private final TrialProcess trials;

	private final Samples samples = new Samples();

	private boolean failed;

	/**
	 * Create a measurement.
	 * @param rounds how often to measure
	 */
	Measurement(Benchmark benchmark, int rounds, RedisServer server, TrialProcess trials) {
		this.benchmark = benchmark;
		this.name = benchmark.figures().get(0).name();
		this.rounds = Math.min(rounds, benchmark.settings().number(Settings.MOST_ROUNDS, rounds))
				* benchmark.settings().number(Settings.REPEATS, 1);
		this.server = server;
		this.trials = trials;
	}

	String name() {
		return this.name;
	}

	void run() throws Exception {
		if (this.benchmark.isConsume()) {
			fill();
		}
		List<Side> order = new ArrayList<>(this.benchmark.sides());
		for (int round = 0; round < this.rounds; round++) {
			for (Side side : order) {
				run(side, round);
			}
			Collections.rotate(order, 1);
		}
		try (Streams streams = new Streams(this.server.url())) {
			streams.commands().flushall();
		}
	}

	private void fill() {
		Settings settings = this.benchmark.settings();
		try (Streams streams = new Streams(this.server.url())) {
			streams.fill(this.name, settings.number(Settings.WARM_UP) + settings.number(Settings.MESSAGES),
					settings.number(Settings.BYTES), settings.number(Settings.KEYS, 0));
		}
	}

	private void run(Side side, int round) throws Exception {
		String group = side.text() + "-" + round;
		Settings settings = this.benchmark.settings()
			.with(Settings.URL, this.server.url())
			.with(Settings.STREAM, this.name)
			.with(Settings.GROUP, group);
		Map<String, Double> figures = this.trials.run(this.benchmark, side, settings, this.name + " " + group);
		this.failed |= figures.isEmpty();
		this.samples.add(side, figures);
		try (Streams streams = new Streams(this.server.url())) {
			if (this.benchmark.isConsume()) {
				streams.commands().xgroupDestroy(this.name, group);
			}
			else {
				streams.commands().flushall();
			}
		}
	}

	boolean isFailed() {
		return this.failed;
	}

	List<Result> results() {
		boolean added = this.benchmark.workload().equals(Benchmark.STARTUP);
		return this.benchmark.figures()
			.stream()
			.map((figure) -> added ? Result.ofAdded(figure, this.samples) : Result.of(figure, this.samples))
			.toList();
	}

}
