package dev.pubsub.redis.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs trials in JVMs of their own, one after the other.
 */
final class TrialProcess {

	/**
	 * Classes as the JVM wants them. Shortens the start of each trial in a quick run.
	 */
	static final Path ARCHIVE = Path.of("benchmarks", "target", "trials.jsa");

	private static final Predicate<String> LIBRARY = Pattern.compile("pubsub-").asPredicate();

	/**
	 * What only the starter brings to the class path of an application that has Spring
	 * Data Redis.
	 */
	private static final Predicate<String> STARTER = LIBRARY
		.or(Pattern.compile("jackson|spring-messaging").asPredicate());

	/**
	 * What no application has on its class path.
	 */
	private static final Predicate<String> BENCHMARKS = Pattern.compile("jmh-|jopt-|commons-math|embedded-redis")
		.asPredicate();

	private final Options options;

	private final Deadline deadline;

	TrialProcess(Options options, Deadline deadline) {
		this.options = options;
		this.deadline = deadline;
	}

	/**
	 * Run a trial.
	 * @return what it measured
	 */
	Map<String, Double> run(Benchmark benchmark, Side side, Settings settings, String label) throws Exception {
		List<String> command = new ArrayList<>();
		command.add(this.options.javaHome(benchmark.jvm()).resolve("bin").resolve("java").toString());
		command.addAll(benchmark.jvm().arguments());
		Path recording = this.options.recording(label);
		if (recording != null) {
			Files.createDirectories(recording.toAbsolutePath().getParent());
		}
		if (benchmark.workload().equals(Benchmark.STARTUP)) {
			command.addAll(List.of("-cp", applicationClasspath(side), Startup.class.getName(),
					"--spring.data.redis.url=" + settings.text(Settings.URL), "--spring.main.banner-mode=off"));
		}
		else {
			if (this.options.archive()) {
				command.add("-XX:ArchiveClassesAtExit=" + ARCHIVE);
			}
			else if (this.options.quick() && Files.exists(ARCHIVE)) {
				command.add("-XX:SharedArchiveFile=" + ARCHIVE);
			}
			command.addAll(List.of("-cp", System.getProperty("java.class.path"), Trial.class.getName(),
					benchmark.workload(), side.text()));
			command
				.addAll(((recording != null) ? settings.with(Settings.RECORDING, recording.toAbsolutePath()) : settings)
					.toArguments());
		}
		Map<String, Double> figures = figures(command, label);
		if (recording != null && Files.exists(recording)) {
			Files.writeString(recording.resolveSibling(recording.getFileName() + ".txt"), Profile.of(recording));
		}
		return figures;
	}

	private Map<String, Double> figures(List<String> command, String label) throws IOException, InterruptedException {
		if (!this.deadline.allowsTrial()) {
			System.err.println("No time left for " + label);
			return Map.of();
		}
		Path output = Files.createTempFile("benchmarks-trial-", ".out");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			Thread endWithJvm = new Thread(process::destroyForcibly);
			Runtime.getRuntime().addShutdownHook(endWithJvm);
			boolean ended = process.waitFor(this.deadline.left().toMillis(), TimeUnit.MILLISECONDS);
			process.destroyForcibly();
			Runtime.getRuntime().removeShutdownHook(endWithJvm);
			List<String> lines = Files.readAllLines(output);
			if (!ended) {
				System.err.println("Not done in time: " + label);
				return Map.of();
			}
			if (process.exitValue() != 0) {
				System.err.println("FAILED: " + label + "\n\t" + String.join("\n\t", lines));
				return Map.of();
			}
			return parse(lines);
		}
		finally {
			Files.delete(output);
		}
	}

	private static Map<String, Double> parse(List<String> lines) {
		Map<String, Double> figures = new LinkedHashMap<>();
		for (String line : lines) {
			if (line.startsWith(Trial.FIGURE)) {
				String[] nameAndValue = line.substring(Trial.FIGURE.length()).split(" ");
				figures.put(nameAndValue[0], Double.valueOf(nameAndValue[1]));
			}
		}
		return figures;
	}

	private static String applicationClasspath(Side side) {
		Predicate<String> absent = switch (side) {
			case OURS -> BENCHMARKS;
			case PEER -> BENCHMARKS.or(LIBRARY);
			case LIMIT -> BENCHMARKS.or(STARTER);
		};
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !absent.test(fileName(entry)))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static String fileName(String entry) {
		return Path.of(entry).getFileName().toString();
	}

}
