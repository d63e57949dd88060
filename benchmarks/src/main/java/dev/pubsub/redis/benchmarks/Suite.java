package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.json.JsonMapper;

/**
 * Measures everything, and says what came out: as a table, and in
 * {@code target/results.json}.
 */
public final class Suite {

	static final Path RESULTS = Path.of("benchmarks", "target", "results.json");

	/**
	 * The same for people.
	 */
	static final Path TABLE = Path.of("benchmarks", "target", "results.md");

	private static final Duration QUICK = Duration.ofSeconds(46);

	private final Options options;

	private final List<Measurement> measurements;

	private Suite(Options options, RedisServer server) {
		this.options = options;
		Deadline deadline = options.quick() ? Deadline.in(QUICK) : Deadline.none();
		TrialProcess trials = new TrialProcess(options, deadline);
		this.measurements = benchmarks(options).stream()
			.filter(options::wants)
			.map((benchmark) -> new Measurement(benchmark, options.rounds(), server, trials))
			.toList();
	}

	public static void main(String[] arguments) throws Exception {
		Options options = Options.parse(arguments);
		boolean failed;
		try (RedisServer server = RedisServer.start()) {
			String machine = Machine.describe(server.url());
			System.out.println(machine);
			Suite suite = new Suite(options, server);
			suite.run(machine);
			System.out.println(Files.readString(TABLE));
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

	private void run(String machine) throws Exception {
		for (Measurement measurement : this.measurements) {
			long before = System.nanoTime();
			measurement.run();
			if (!this.options.archive()) {
				write(machine);
			}
			System.err.printf(Locale.ROOT, "%s: %.1f s%n", measurement.name(), (System.nanoTime() - before) / 1e9);
		}
	}

	private List<Result> results() {
		return this.measurements.stream()
			.flatMap((measurement) -> measurement.results().stream())
			.filter((result) -> this.options.wants(result.name()))
			.toList();
	}

	private void write(String machine) throws IOException {
		Files.createDirectories(RESULTS.getParent());
		JsonMapper json = JsonMapper.builder().build();
		Files.writeString(RESULTS, json.writerWithDefaultPrettyPrinter().writeValueAsString(results()));
		Files.writeString(TABLE, Table.of(results()) + "\n" + Table.ofSubscriptions(results()) + "\n" + machine
				+ "; medians of the rounds given.\n");
	}

}
