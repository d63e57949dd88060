package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisURI;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * A server that belongs to one test, which may kill it, freeze it and start it again. It
 * has its own port and directory, and ends with the JVM if the test does not end it. Not
 * safe for use from many threads.
 */
public final class RedisServerProcess implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private final RedisBinary binary;

	private final List<String> extraArgs;

	private final Path directory;

	private final Thread endWithJvm = new Thread(this::kill, "stop-redis");

	private int port;

	private @Nullable Process process;

	private @Nullable Connections connections;

	private RedisServerProcess(RedisBinary binary, List<String> extraArgs, Path directory) {
		this.binary = binary;
		this.extraArgs = extraArgs;
		this.directory = directory;
	}

	/**
	 * Start a server with the executable that {@code PUBSUB_TEST_REDIS} names, or with
	 * the native or embedded one where it names none. Persistence is off unless asked
	 * for.
	 * @param extraArgs options as on the command line, such as
	 * {@code "--appendonly", "yes"}
	 * @return the server, which answers
	 */
	public static RedisServerProcess start(String... extraArgs) {
		return start(RedisBinary.of(RedisChoice.get()), extraArgs);
	}

	static RedisServerProcess start(RedisBinary binary, String... extraArgs) {
		try {
			Path directory = Files.createTempDirectory("redis-");
			RedisServerProcess server = new RedisServerProcess(binary, List.of(extraArgs), directory);
			Runtime.getRuntime().addShutdownHook(server.endWithJvm);
			server.startOnFreePort();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String host() {
		return HOST;
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "redis://" + HOST + ":" + this.port;
	}

	public long pid() {
		return current().pid();
	}

	public boolean isAlive() {
		return this.process != null && this.process.isAlive();
	}

	/**
	 * Return what looks into this server. It has no prefix, and outlives restarts.
	 * @return the view, closed with the server
	 */
	public TestRedis redis() {
		RedisURI uri = RedisURI.create(url());
		if (this.connections == null) {
			this.connections = new Connections(uri);
		}
		return new TestRedis(uri, "", this.connections);
	}

	/**
	 * Return what the server wrote to its log, for messages of failed tests.
	 * @return the log since the first start
	 */
	public String log() {
		try {
			Path log = this.directory.resolve("redis.log");
			return Files.exists(log) ? Files.readString(log) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End the server at once, as a crash does, and wait until it is gone.
	 */
	public void kill() {
		if (this.process != null) {
			this.process.destroyForcibly().onExit().join();
		}
	}

	/**
	 * Stop the server's clock: connections stay open, nothing is answered.
	 */
	public void freeze() {
		signal("STOP");
	}

	/**
	 * Let a frozen server go on.
	 */
	public void resume() {
		signal("CONT");
	}

	/**
	 * Start the server again with its port, directory and options; kills it first if it
	 * runs.
	 */
	public void restart() {
		kill();
		launch();
	}

	/**
	 * Ask the server to end, as {@code SIGTERM} does, and wait until it is gone.
	 */
	public void stop() {
		if (!isAlive()) {
			return;
		}
		resume();
		Process stopped = current();
		stopped.destroy();
		CompletableFuture<Process> exit = stopped.onExit().orTimeout(10, TimeUnit.SECONDS);
		if (exit.handle((ended, timeout) -> timeout != null).join()) {
			kill();
		}
	}

	@Override
	public void close() {
		if (this.connections != null) {
			this.connections.close();
			this.connections = null;
		}
		stop();
		Runtime.getRuntime().removeShutdownHook(this.endWithJvm);
		FileSystemUtils.deleteRecursively(this.directory.toFile());
	}

	private void startOnFreePort() throws IOException {
		for (int attempt = 1;; attempt++) {
			this.port = freePort();
			try {
				launch();
				return;
			}
			catch (IllegalStateException ex) {
				if (attempt == 3 || !log().contains("Address already in use")) {
					close();
					throw ex;
				}
			}
		}
	}

	private void launch() {
		List<String> command = new ArrayList<>(List.of(this.binary.path().toString(), "--port", "" + this.port,
				"--bind", HOST, "--daemonize", "no", "--save", "", "--appendonly", "no"));
		command.addAll(this.extraArgs);
		try {
			Path log = this.directory.resolve("redis.log");
			this.process = new ProcessBuilder(command).directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot run " + this.binary.path(), ex);
		}
		Awaitility.await("Redis answers")
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(START_TIMEOUT)
			.until(() -> !isAlive() || answers());
		if (!isAlive()) {
			throw new IllegalStateException(String.join(" ", command) + " ended:\n" + log());
		}
	}

	private boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(HOST, this.port), 1000);
			socket.setSoTimeout(1000);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			InputStream reply = socket.getInputStream();
			String start = new String(reply.readNBytes(5), StandardCharsets.US_ASCII);
			return start.equals("+PONG") || start.equals("-NOAU");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void signal(String name) {
		try {
			// The shell's own kill: small machines have no other.
			int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).inheritIO().start().waitFor();
			if (exit != 0) {
				throw new IllegalStateException("Cannot send SIG" + name + " to " + this);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private Process current() {
		if (this.process == null || !this.process.isAlive()) {
			throw new IllegalStateException(this + " is not running");
		}
		return this.process;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

	@Override
	public String toString() {
		return this.binary.kind() + " " + this.binary.path() + " at " + HOST + ":" + this.port;
	}

}
