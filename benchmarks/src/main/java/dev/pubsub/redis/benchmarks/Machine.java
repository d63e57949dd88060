package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.OperatingSystemMXBean;

/**
 * Says what all this runs on.
 */
final class Machine {

	private Machine() {
	}

	static String describe(String url) throws IOException {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		String redis;
		try (Streams streams = new Streams(url)) {
			redis = streams.commands()
				.info("server")
				.lines()
				.filter((line) -> line.startsWith("redis_version:"))
				.map((line) -> line.substring(line.indexOf(':') + 1))
				.findFirst()
				.orElse("?");
		}
		return "Measured on: %d cores of %s, %d GB, %s %s; Redis %s and the clients on the same machine; Java %s; load %.1f at the start"
			.formatted(system.getAvailableProcessors(), processor(), system.getTotalMemorySize() >> 30,
					System.getProperty("os.name"), System.getProperty("os.version"), redis, Runtime.version(),
					system.getSystemLoadAverage());
	}

	private static String processor() throws IOException {
		Path facts = Path.of("/proc/cpuinfo");
		if (!Files.isReadable(facts)) {
			return System.getProperty("os.arch");
		}
		return Files.readAllLines(facts)
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.substring(line.indexOf(':') + 1).trim())
			.findFirst()
			.orElse(System.getProperty("os.arch"));
	}

}
