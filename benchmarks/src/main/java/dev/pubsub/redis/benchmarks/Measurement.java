package dev.pubsub.redis.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Takes one benchmark's samples: sides take turns, round after round. Streams to be
 * consumed are filled once, in a database that no trial writes to.
 */
final class Measurement {

	private static final String SCRATCH_DATABASE = "/1";

	private final Benchmark benchmark;

	private final String name;

	private final int rounds;

	private final RedisServer server;

	private final TrialProcess trials;

	private final Samples samples = new Samples();

	private boolean filled;

	private boolean failed;

	/**
	 * Create a measurement.
	 * @param rounds how often to measure
	 */
	Measurement(Benchmark benchmark, int rounds, RedisServer server, TrialProcess trials) {
		this.benchmark = benchmark;
		this.name = benchmark.figures().get(0).name();
		this.rounds = rounds * benchmark.settings().number(Settings.REPEATS, 1);
		this.server = server;
		this.trials = trials;
	}

	String name() {
		return this.name;
	}

	/**
	 * Measure some of the sides.
	 * @param sides the sides that are wanted
	 * @param goOn whether there is time for another trial
	 */
	void run(Collection<Side> sides, BooleanSupplier goOn) throws Exception {
		List<Side> order = new ArrayList<>(this.benchmark.sides());
		order.retainAll(sides);
		for (int round = 0; round < this.rounds; round++) {
			for (Side side : order) {
				if (goOn.getAsBoolean()) {
					run(side, round);
				}
				else {
					System.err.println("No time left for " + this.name + " " + side.text());
				}
			}
			Collections.rotate(order, 1);
		}
	}

	private void run(Side side, int round) throws Exception {
		String group = side.text() + "-" + round;
		String url = this.benchmark.isConsume() ? this.server.url() : this.server.url() + SCRATCH_DATABASE;
		Settings settings = this.benchmark.settings()
			.with(Settings.URL, url)
			.with(Settings.STREAM, this.name)
			.with(Settings.GROUP, group);
		try (Streams streams = new Streams(url)) {
			if (this.benchmark.isConsume() && !this.filled) {
				streams.fill(this.name, settings.number(Settings.WARM_UP) + settings.number(Settings.MESSAGES),
						settings.number(Settings.BYTES));
				this.filled = true;
			}
			Map<String, Double> figures = this.trials.run(this.benchmark, side, settings, this.name + " " + group);
			this.failed |= figures.isEmpty();
			this.samples.add(side, figures);
			if (this.benchmark.isConsume()) {
				streams.commands().xgroupDestroy(this.name, group);
			}
			else {
				streams.commands().flushdb();
			}
		}
	}

	/**
	 * Forget the stream.
	 */
	void clear() {
		if (this.filled) {
			try (Streams streams = new Streams(this.server.url())) {
				streams.commands().del(this.name);
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
