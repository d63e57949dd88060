package dev.pubsub.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules for the sources of tests, of all modules.
 */
class TestSourcesTests {

	/**
	 * Whoever waits for a time only hopes that something has happened by then. Awaitility
	 * waits for a condition, or sees that one holds {@code during} a time.
	 */
	private static final Pattern WAITS_FOR_TIME = Pattern
		.compile("Thread\\.sleep\\(|\\bSECONDS\\.sleep\\(|\\bsleepUninterruptibly\\(|until\\(\\(\\) -> true\\)"
				+ "|pollDelay\\((?!Duration\\.ZERO)|until\\(\\(\\) -> [^;]*(nanoTime|currentTimeMillis)\\(");

	/** What tests start as a process may take its time. */
	private static final Pattern PROGRAM = Pattern.compile("faults/\\w+Node\\.java$");

	@Test
	void noTestWaitsForTime() throws IOException {
		List<Path> sources = sources();

		assertThat(sources).hasSizeGreaterThan(100);
		assertThat(sources.stream().filter((source) -> WAITS_FOR_TIME.matcher(text(source)).find())).isEmpty();
	}

	@Test
	void findsWhatWaitsForTime() {
		assertThat(Stream.of("Thread.sleep(5)", "TimeUnit.SECONDS.sleep(1)", "await().until(() -> true)",
				"await().pollDelay(Duration.ofSeconds(1))", "await().until(() -> System.nanoTime() - end > 0)"))
			.allMatch((text) -> WAITS_FOR_TIME.matcher(text).find());
		assertThat(Stream.of("await().until(() -> this.done)", "await().pollDelay(Duration.ZERO)", "sleepFor(5)"))
			.noneMatch((text) -> WAITS_FOR_TIME.matcher(text).find());
	}

	private static List<Path> sources() throws IOException {
		try (Stream<Path> modules = Files.list(Path.of("").toAbsolutePath().getParent())) {
			List<Path> roots = modules.map((module) -> module.resolve("src/test")).filter(Files::isDirectory).toList();
			return roots.stream().flatMap(TestSourcesTests::sources).toList();
		}
	}

	private static Stream<Path> sources(Path root) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("TestSourcesTests.java"))
				.filter((file) -> !PROGRAM.matcher(file.toString()).find())
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String text(Path source) {
		try {
			return Files.readString(source);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
