package dev.pubsub.redis.test;

import java.util.List;

import io.lettuce.core.RedisURI;

import org.springframework.data.redis.connection.RedisConfiguration;

/**
 * The server that all tests of a JVM share, announced when it starts.
 *
 * @param uri where it is, or one of several that are a cluster
 * @param description what it is
 * @param stop what ends it
 * @param configuration how connection factories find it
 * @param properties how applications find it, if not by its URL
 */
record SharedRedisServer(RedisURI uri, String description, Runnable stop, RedisConfiguration configuration,
		List<String> properties) implements AutoCloseable {

	SharedRedisServer(RedisURI uri, String description, Runnable stop) {
		this(uri, description, stop, RedisTopology.standalone(uri), List.of());
	}

	static SharedRedisServer start() {
		SharedRedisServer server = RedisTopology.get().start();
		System.out.println("Tests run on " + server.version() + " (" + server.description() + ") at "
				+ server.uri().getHost() + ":" + server.uri().getPort());
		return server;
	}

	static SharedRedisServer start(RedisChoice choice) {
		return switch (choice.kind()) {
			case ANY -> DockerRedis.findUsable(choice.detail()).orElseGet(() -> process(choice));
			case DOCKER -> DockerRedis.start(choice.detail());
			case URL -> new SharedRedisServer(RedisURI.create(choice.detail()), "given by URL", () -> {
			});
			case NATIVE, EMBEDDED, PATH -> process(choice);
		};
	}

	private static SharedRedisServer process(RedisChoice choice) {
		RedisBinary binary = RedisBinary.of(choice);
		RedisServerProcess process = RedisServerProcess.start(binary);
		return new SharedRedisServer(RedisURI.create(process.url()), binary.kind() + " " + binary.path(),
				process::close);
	}

	/**
	 * Return what the server says it is.
	 * @return for example "Redis 7.0.15"
	 */
	String version() {
		try (Connections connections = new Connections(this.uri, this.configuration)) {
			List<String> info = String.valueOf(connections.execute("INFO", "server")).lines().toList();
			return info.stream()
				.filter((line) -> line.startsWith("valkey_version:"))
				.findFirst()
				.or(() -> info.stream().filter((line) -> line.startsWith("redis_version:")).findFirst())
				.map((line) -> line.replace("valkey_version:", "Valkey ").replace("redis_version:", "Redis "))
				.orElse("an unknown server");
		}
	}

	@Override
	public void close() {
		this.stop.run();
	}

}
