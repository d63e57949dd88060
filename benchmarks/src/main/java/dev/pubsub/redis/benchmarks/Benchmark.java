package dev.pubsub.redis.benchmarks;

import java.util.List;

/**
 * Something to measure: trials of one workload on several sides.
 *
 * @param workload name of the workload
 * @param sides who takes part
 * @param settings how much of it
 * @param figures what it shows
 * @param jvm what its JVMs are like
 */
record Benchmark(String workload, List<Side> sides, Settings settings, List<Figure> figures, Jvm jvm) {

	static final String STARTUP = "startup";

	private static final List<Side> ALL = List.of(Side.OURS, Side.LIMIT, Side.PEER);

	/**
	 * Return a benchmark of all sides in ordinary JVMs.
	 */
	static Benchmark of(String workload, Settings settings, Figure... figures) {
		return new Benchmark(workload, ALL, settings, List.of(figures), Jvm.ORDINARY);
	}

	Benchmark only(Side... chosen) {
		return new Benchmark(this.workload, List.of(chosen), this.settings, this.figures, this.jvm);
	}

	/**
	 * Return the same with virtual threads.
	 */
	Benchmark virtual() {
		return new Benchmark(this.workload, this.sides, this.settings.with(Settings.VIRTUAL, true), this.figures,
				Jvm.VIRTUAL);
	}

	Benchmark mostRounds(int rounds) {
		return new Benchmark(this.workload, this.sides, this.settings.with(Settings.MOST_ROUNDS, rounds), this.figures,
				this.jvm);
	}

	Benchmark in(Jvm kind) {
		return new Benchmark(this.workload, this.sides, this.settings, this.figures, kind);
	}

	boolean isConsume() {
		return this.workload.equals("consume");
	}

	/**
	 * Kinds of JVMs.
	 */
	enum Jvm {

		ORDINARY("-Xmx512m"),

		/**
		 * One that has virtual threads.
		 */
		VIRTUAL("-Xmx512m"),

		SMALL("-Xmx64m"),

		/**
		 * One that does not spend time on making code fast, for work that waits.
		 */
		LAZY("-Xmx512m -XX:TieredStopAtLevel=1");

		private final String arguments;

		Jvm(String arguments) {
			this.arguments = arguments;
		}

		List<String> arguments() {
			return List.of(this.arguments.split(" "));
		}

	}

}
