package dev.pubsub.redis.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.lettuce.core.RedisConnectionException;
import redis.embedded.core.ExecutableProvider;

/**
 * A server for one run, without persistence: the {@code redis-server} on the path, else
 * the embedded one.
 */
final class RedisServer implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	private final Path directory;

	private final Process process;

	private final int port;

	private final Thread endWithJvm = new Thread(this::end);

	private RedisServer(Path directory, Path executable) throws IOException {
		this.directory = directory;
		this.port = freePort();
		this.process = new ProcessBuilder(executable.toString(), "--bind", HOST, "--port", Integer.toString(this.port),
				"--save", "", "--appendonly", "no", "--dir", directory.toString())
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("log").toFile())
			.start();
		Runtime.getRuntime().addShutdownHook(this.endWithJvm);
	}

	/**
	 * Start a server and wait until it answers.
	 */
	static RedisServer start() throws IOException {
		Path directory = Files.createTempDirectory("benchmarks-redis-");
		RedisServer server = new RedisServer(directory, executable(directory));
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		while (!server.answers()) {
			if (!server.process.isAlive() || System.nanoTime() - end > 0) {
				throw new IllegalStateException("No Redis: " + Files.readString(directory.resolve("log")));
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
		return server;
	}

	String url() {
		return "redis://" + HOST + ":" + this.port;
	}

	@Override
	public void close() {
		end();
		Runtime.getRuntime().removeShutdownHook(this.endWithJvm);
	}

	private void end() {
		this.process.destroy();
		this.process.onExit().join();
		try (Stream<Path> files = Files.list(this.directory)) {
			files.map(Path::toFile).forEach(File::delete);
			Files.delete(this.directory);
		}
		catch (IOException ex) {
			System.err.println("Cannot delete " + this.directory + ": " + ex);
		}
	}

	private boolean answers() {
		try (Streams streams = new Streams(url())) {
			return "PONG".equals(streams.commands().ping());
		}
		catch (RedisConnectionException ex) {
			return false;
		}
	}

	private static Path executable(Path directory) throws IOException {
		for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
			Path candidate = Path.of(entry, "redis-server");
			if (Files.isExecutable(candidate)) {
				return candidate;
			}
		}
		return ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
