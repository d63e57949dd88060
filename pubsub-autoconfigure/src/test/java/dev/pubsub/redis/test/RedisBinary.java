package dev.pubsub.redis.test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import redis.embedded.core.ExecutableProvider;

/**
 * An executable Redis server on this machine.
 *
 * @param kind how it got here
 * @param path where it is
 */
record RedisBinary(String kind, Path path) {

	/**
	 * Return the executable to start servers of one's own with.
	 * @param choice what the tests run on; a server that is no executable here gives the
	 * native one or else the embedded one
	 * @return the executable
	 */
	static RedisBinary of(RedisChoice choice) {
		return switch (choice.kind()) {
			case PATH -> new RedisBinary("given", Path.of(choice.detail()));
			case EMBEDDED -> embedded();
			case NATIVE ->
				findNative().orElseThrow(() -> new IllegalStateException("There is no redis-server on the PATH"));
			case ANY, DOCKER, URL -> findNative().orElseGet(RedisBinary::embedded);
		};
	}

	static Optional<RedisBinary> findNative() {
		String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
		return Stream.of(path.split(File.pathSeparator))
			.filter((directory) -> !directory.isEmpty())
			.map((directory) -> Path.of(directory, "redis-server"))
			.filter(Files::isExecutable)
			.findFirst()
			.map((executable) -> new RedisBinary("native", executable));
	}

	static RedisBinary embedded() {
		return Embedded.BINARY;
	}

	/** Unpacked once per JVM. */
	private static final class Embedded {

		private static final RedisBinary BINARY = unpack();

		private static RedisBinary unpack() {
			try {
				Path directory = Files.createTempDirectory("embedded-redis-");
				File executable = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
				directory.toFile().deleteOnExit();
				executable.deleteOnExit();
				return new RedisBinary("embedded", executable.toPath());
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Cannot unpack the embedded Redis", ex);
			}
		}

	}

}
