package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import tools.jackson.databind.json.JsonMapper;

/**
 * Measures everything, and says what came out: as a table, and in
 * {@code target/results.json}.
 */
public final class Suite {

	private static final Path RESULTS = Path.of("benchmarks", "target", "results.json");

	/**
	 * When a quick run starts no more trials: a slow machine gets fewer figures.
	 */
	private static final long QUICK_NANOS = Duration.ofSeconds(42).toNanos();

	private final Options options;

	private final List<Measurement> measurements;

	private final long start = System.nanoTime();

	private Suite(Options options, RedisServer server) {
		this.options = options;
		TrialProcess trials = new TrialProcess(options);
		this.measurements = benchmarks(options).stream()
			.filter(options::wants)
			.map((benchmark) -> new Measurement(benchmark, options.rounds(), server, trials))
			.toList();
	}

	public static void main(String[] arguments) throws Exception {
		Options options = Options.parse(arguments);
		boolean failed;
		try (RedisServer server = RedisServer.start()) {
			System.out.println(Machine.describe(server.url()));
			Suite suite = new Suite(options, server);
			suite.run();
			System.out.println(Table.of(suite.results()));
			failed = suite.measurements.stream().anyMatch(Measurement::isFailed);
		}
		System.exit(failed ? 1 : 0);
	}

	private static List<Benchmark> benchmarks(Options options) {
		if (options.archive()) {
			return Plan.first();
		}
		List<Benchmark> benchmarks = new ArrayList<>(options.quick() ? Plan.quick() : Plan.standard());
		if (options.all() || (!options.only().isEmpty() && !options.quick())) {
			benchmarks.addAll(Plan.more());
		}
		return benchmarks;
	}

	private void run() throws Exception {
		if (this.options.archive()) {
			run(EnumSet.of(Side.OURS));
		}
		else if (this.options.quick()) {
			// What is most wanted goes first, in case the machine is slow.
			run(EnumSet.of(Side.OURS, Side.LIMIT));
			run(EnumSet.of(Side.PEER));
		}
		else {
			run(EnumSet.allOf(Side.class));
		}
	}

	private void run(Set<Side> sides) throws Exception {
		for (Measurement measurement : this.measurements) {
			long before = System.nanoTime();
			measurement.run(sides, this::hasTime);
			if (!this.options.quick()) {
				measurement.clear();
			}
			if (!this.options.archive()) {
				write();
			}
			System.err.printf(Locale.ROOT, "%s: %.1f s%n", measurement.name(), (System.nanoTime() - before) / 1e9);
		}
	}

	private boolean hasTime() {
		return !this.options.quick() || System.nanoTime() - this.start < QUICK_NANOS;
	}

	private List<Result> results() {
		return this.measurements.stream()
			.flatMap((measurement) -> measurement.results().stream())
			.filter((result) -> this.options.wants(result.name()))
			.toList();
	}

	private void write() throws IOException {
		Files.createDirectories(RESULTS.getParent());
		JsonMapper json = JsonMapper.builder().build();
		Files.writeString(RESULTS, json.writerWithDefaultPrettyPrinter().writeValueAsString(results()));
	}

}
