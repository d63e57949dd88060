package dev.pubsub.sample.redis;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server that can be started.
 *
 * @param path where it is
 * @param origin where it came from
 */
record RedisExecutable(Path path, String origin) {

	/**
	 * Return the installed {@code redis-server} or else the one that comes with a
	 * library.
	 * @param searchPath directories to search, as in {@code PATH}
	 * @param directory where to unpack the latter
	 * @return the executable
	 * @throws IOException if it cannot be unpacked
	 */
	static RedisExecutable find(String searchPath, Path directory) throws IOException {
		Optional<Path> installed = find(searchPath, "redis-server");
		if (installed.isPresent()) {
			return new RedisExecutable(installed.get(), "found on the PATH");
		}
		File unpacked = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
		return new RedisExecutable(unpacked.toPath(), "unpacked, there is none on the PATH");
	}

	static Optional<Path> find(String searchPath, String command) {
		return Stream.of(searchPath.split(File.pathSeparator))
			.filter((directory) -> !directory.isEmpty())
			.map((directory) -> Path.of(directory, command))
			.filter(Files::isExecutable)
			.findFirst();
	}

}
