package dev.pubsub.redis.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Which server the tests run on, from the system property or environment variable
 * {@code PUBSUB_TEST_REDIS}: {@code docker} (or {@code docker:IMAGE}), {@code native},
 * {@code embedded}, the path of a server's executable, or a {@code redis://} URL. Without
 * it the first of Docker, native and embedded that there is.
 *
 * @param kind what sort of server
 * @param detail an image, a path or a URL, where the kind needs one
 */
record RedisChoice(Kind kind, String detail) {

	static final String VARIABLE = "PUBSUB_TEST_REDIS";

	static final String DEFAULT_IMAGE = "redis:8.6";

	static RedisChoice get() {
		String property = System.getProperty(VARIABLE);
		return parse((property != null) ? property : System.getenv(VARIABLE));
	}

	static RedisChoice parse(@Nullable String text) {
		if (text == null || text.isBlank()) {
			return new RedisChoice(Kind.ANY, DEFAULT_IMAGE);
		}
		String choice = text.strip();
		if (choice.startsWith("redis://") || choice.startsWith("rediss://")) {
			return new RedisChoice(Kind.URL, choice);
		}
		if (choice.startsWith("docker:")) {
			return new RedisChoice(Kind.DOCKER, choice.substring("docker:".length()));
		}
		if (choice.contains("/") || choice.contains("\\")) {
			if (!Files.isExecutable(Path.of(choice))) {
				throw new IllegalStateException(VARIABLE + " names no executable: \"" + choice + "\"");
			}
			return new RedisChoice(Kind.PATH, choice);
		}
		return switch (choice.toLowerCase(Locale.ROOT)) {
			case "docker" -> new RedisChoice(Kind.DOCKER, DEFAULT_IMAGE);
			case "native" -> new RedisChoice(Kind.NATIVE, "");
			case "embedded" -> new RedisChoice(Kind.EMBEDDED, "");
			default -> throw new IllegalStateException(VARIABLE + " is \"" + choice
					+ "\", which is none of docker, native, embedded, /path/to/redis-server and redis://host:port");
		};
	}

	enum Kind {

		ANY, DOCKER, NATIVE, EMBEDDED, PATH, URL

	}

}
