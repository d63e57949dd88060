package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * Measures everything, round after round, and says what came out: as a table, and in
 * {@code target/results.json}.
 */
public final class Suite {

	private static final Path RESULTS = Path.of("benchmarks", "target", "results.json");

	/**
	 * When a quick run starts no more trials: a slow machine gets fewer figures.
	 */
	private static final long QUICK_NANOS = Duration.ofSeconds(43).toNanos();

	private final Options options;

	private final RedisServer server;

	private final TrialProcess trials;

	private final List<Result> results = new ArrayList<>();

	private final long start = System.nanoTime();

	private boolean complete = true;

	private Suite(Options options, RedisServer server) {
		this.options = options;
		this.server = server;
		this.trials = new TrialProcess(options);
	}

	public static void main(String[] arguments) throws Exception {
		Options options = Options.parse(arguments);
		boolean complete;
		try (RedisServer server = RedisServer.start()) {
			System.out.println(Machine.describe(server.url()));
			Suite suite = new Suite(options, server);
			suite.run();
			System.out.println(Table.of(suite.results));
			complete = suite.complete;
		}
		System.exit(complete ? 0 : 1);
	}

	private void run() throws Exception {
		List<Benchmark> benchmarks = new ArrayList<>(this.options.quick() ? Plan.quick() : Plan.standard());
		if (this.options.all() || (!this.options.only().isEmpty() && !this.options.quick())) {
			benchmarks.addAll(Plan.more());
		}
		for (Benchmark benchmark : benchmarks) {
			if (this.options.wants(benchmark)) {
				measure(benchmark);
				write();
			}
		}
	}

	private void measure(Benchmark benchmark) throws Exception {
		long start = System.nanoTime();
		String name = benchmark.figures().get(0).name();
		Samples samples = new Samples();
		try (Streams streams = new Streams(this.server.url())) {
			if (benchmark.isConsume()) {
				streams.fill(name,
						benchmark.settings().number(Settings.WARM_UP) + benchmark.settings().number(Settings.MESSAGES),
						benchmark.settings().number(Settings.BYTES));
			}
			int rounds = this.options.rounds() * benchmark.settings().number(Settings.REPEATS, 1);
			List<Side> order = new ArrayList<>(benchmark.sides());
			for (int round = 0; round < rounds; round++) {
				for (Side side : order) {
					if (this.options.quick() && System.nanoTime() - this.start > QUICK_NANOS) {
						System.err.println("No time left for " + name + " " + side.text());
						continue;
					}
					samples.add(side, measure(benchmark, name, side, round, streams));
				}
				Collections.rotate(order, 1);
			}
			streams.commands().flushall();
		}
		for (Figure figure : benchmark.figures()) {
			if (this.options.wants(figure)) {
				this.results.add(benchmark.workload().equals(Benchmark.STARTUP) ? Result.ofAdded(figure, samples)
						: Result.of(figure, samples));
			}
		}
		System.err.printf(Locale.ROOT, "%s: %.1f s%n", name, (System.nanoTime() - start) / 1e9);
	}

	private Map<String, Double> measure(Benchmark benchmark, String name, Side side, int round, Streams streams)
			throws Exception {
		String group = side.text() + "-" + round;
		Settings settings = benchmark.settings()
			.with(Settings.URL, this.server.url())
			.with(Settings.STREAM, name)
			.with(Settings.GROUP, group);
		Map<String, Double> figures = this.trials.run(benchmark, side, settings, name + " " + group);
		this.complete &= !figures.isEmpty();
		if (benchmark.isConsume()) {
			streams.commands().xgroupDestroy(name, group);
		}
		else {
			streams.commands().flushall();
		}
		return figures;
	}

	private void write() throws IOException {
		Files.createDirectories(RESULTS.getParent());
		JsonMapper json = JsonMapper.builder().build();
		Files.writeString(RESULTS, json.writerWithDefaultPrettyPrinter().writeValueAsString(this.results));
	}

}
