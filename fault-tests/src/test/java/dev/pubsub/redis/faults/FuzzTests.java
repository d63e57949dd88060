package dev.pubsub.redis.faults;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.redis.WireFuzzer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes what reads replies, entries and payloads, guided by coverage, in a JVM of its
 * own. {@code -Dfuzz.seconds} says for how long, {@code -Dfuzz.seed} repeats a run.
 */
@Tag("faults")
class FuzzTests {

	@Test
	void nothingOnTheWireEscapesWhatReadsIt(@TempDir Path directory) throws Exception {
		long seconds = Long.getLong("fuzz.seconds", 30);
		long seed = Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
		Path log = directory.resolve("fuzz.log");
		System.out.println("FUZZ seed=" + seed + " seconds=" + seconds);
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx512m",
				"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
				"--target_class=" + WireFuzzer.class.getName(), "--instrumentation_includes=dev.pubsub.redis.**",
				"--custom_hook_includes=dev.pubsub.redis.**", "-max_total_time=" + seconds, "-seed=" + seed,
				"-max_len=4096", "-rss_limit_mb=0", "-timeout=60", "-print_final_stats=1",
				"-artifact_prefix=" + directory + File.separator);

		Process process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		boolean ended = process.waitFor(seconds + 120, TimeUnit.SECONDS);
		process.destroyForcibly();

		String text = Files.readString(log);
		text.lines().filter((line) -> line.startsWith("stat::")).forEach((line) -> System.out.println("FUZZ " + line));
		assertThat(ended).as("ends in time").isTrue();
		assertThat(process.waitFor()).as("seed %d:%n%s", seed, text.substring(Math.max(0, text.length() - 6000)))
			.isZero();
		assertThat(text).contains("Done ");
	}

}
