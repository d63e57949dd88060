package dev.pubsub.redis.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.lettuce.core.RedisURI;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A server in a container.
 */
final class DockerRedis {

	private static final int PORT = 6379;

	/** An engine that answers does so at once; Testcontainers may search for minutes. */
	private static final int ENGINE_SECONDS = 20;

	private static final int IMAGE_SECONDS = 120;

	private DockerRedis() {
	}

	/**
	 * Start a server if that is possible on this machine, in bounded time.
	 * @param image the image
	 * @return the server, or nothing after saying why
	 */
	static Optional<SharedRedisServer> findUsable(String image) {
		if (!isEngineLikely()) {
			return Optional.empty();
		}
		try {
			if (!within(ENGINE_SECONDS, () -> DockerClientFactory.instance().isDockerAvailable())) {
				return Optional.empty();
			}
			return Optional.of(within(IMAGE_SECONDS, () -> start(image)));
		}
		catch (IllegalStateException ex) {
			System.out.println("Docker is no use to the tests: " + ex.getMessage());
			return Optional.empty();
		}
	}

	static SharedRedisServer start(String image) {
		GenericContainer<?> container = new GenericContainer<>(image).withExposedPorts(PORT);
		container.start();
		RedisURI uri = RedisURI.create(container.getHost(), container.getMappedPort(PORT));
		return new SharedRedisServer(uri, "docker " + image, container::stop);
	}

	private static boolean isEngineLikely() {
		String home = System.getProperty("user.home");
		return System.getenv("DOCKER_HOST") != null || Files.exists(Path.of(home, ".testcontainers.properties"))
				|| Stream
					.of(Path.of("/var/run/docker.sock"), Path.of(home, ".docker/run/docker.sock"),
							Path.of(home, ".rd/docker.sock"))
					.anyMatch(Files::exists)
				|| System.getProperty("os.name").startsWith("Windows");
	}

	private static <T> T within(int seconds, Supplier<T> action) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(action.get());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "docker-redis");
		thread.setDaemon(true);
		thread.start();
		try {
			return result.get(seconds, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("no answer within " + seconds + " s (see CONTRIBUTING.md)", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
