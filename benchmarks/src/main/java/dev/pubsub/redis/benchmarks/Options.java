package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * What the command line says.
 *
 * @param quick whether to end soon
 * @param archive whether only to archive the classes of trials, for quick runs
 * @param all whether to measure how cost grows, too
 * @param rounds how often to measure
 * @param only names of the figures that are wanted, with {@code *} for any text; none for
 * all
 * @param javaHome the JDK to measure on, if not this one
 * @param recordings where to leave flight recordings, if they are wanted
 */
record Options(boolean quick, boolean archive, boolean all, int rounds, List<String> only, @Nullable Path javaHome,
		@Nullable Path recordings) {

	private static final int VIRTUAL_THREADS_SINCE = 21;

	static Options parse(String... arguments) {
		Deque<String> rest = new ArrayDeque<>(List.of(arguments));
		boolean quick = false;
		boolean archive = false;
		boolean all = false;
		int rounds = 0;
		List<String> only = new ArrayList<>();
		Path javaHome = null;
		Path recordings = null;
		while (!rest.isEmpty()) {
			String option = rest.remove();
			switch (option) {
				case "--quick" -> quick = true;
				case "--archive" -> archive = true;
				case "--all" -> all = true;
				case "--rounds" -> rounds = Integer.parseInt(rest.remove());
				case "--only" -> only.add(rest.remove());
				case "--java-home" -> javaHome = Path.of(rest.remove());
				case "--jfr" -> recordings = Path.of(rest.remove());
				default -> throw new IllegalArgumentException("No option " + option);
			}
		}
		int defaultRounds = quick ? 1 : 7;
		return new Options(quick, archive, all, (rounds > 0) ? rounds : defaultRounds, only, javaHome, recordings);
	}

	boolean wants(Benchmark benchmark) {
		if (benchmark.jvm() == Benchmark.Jvm.VIRTUAL && virtualThreadsHome().isEmpty()) {
			return false;
		}
		return this.only.isEmpty() || benchmark.figures().stream().map(Figure::name).anyMatch(this::wants);
	}

	boolean wants(String name) {
		return this.only.isEmpty()
				|| this.only.stream().anyMatch((pattern) -> PatternMatchUtils.simpleMatch(pattern, name));
	}

	Path javaHome(Benchmark.Jvm jvm) {
		if (jvm == Benchmark.Jvm.VIRTUAL) {
			return virtualThreadsHome().orElseThrow();
		}
		return (this.javaHome != null) ? this.javaHome : Path.of(System.getProperty("java.home"));
	}

	/**
	 * Return where to record a trial, or {@code null} for nowhere.
	 */
	@Nullable Path recording(String label) {
		return (this.recordings != null) ? this.recordings.resolve(label.replace(' ', '-') + ".jfr") : null;
	}

	/**
	 * Return a JDK that has virtual threads: the given one, this one or one that is
	 * installed.
	 */
	private Optional<Path> virtualThreadsHome() {
		if (this.javaHome != null) {
			return Optional.of(this.javaHome);
		}
		if (Runtime.version().feature() >= VIRTUAL_THREADS_SINCE) {
			return Optional.of(Path.of(System.getProperty("java.home")));
		}
		Path installed = Path.of("/usr/lib/jvm");
		if (!Files.isDirectory(installed)) {
			return Optional.empty();
		}
		try (Stream<Path> homes = Files.list(installed)) {
			return homes.filter((home) -> home.getFileName().toString().contains("25"))
				.filter((home) -> Files.isExecutable(home.resolve("bin/java")))
				.findFirst();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
