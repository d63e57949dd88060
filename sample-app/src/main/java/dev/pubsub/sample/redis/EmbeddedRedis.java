package dev.pubsub.sample.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.FileSystemUtils;

/**
 * A Redis server that lives and dies with this application. It keeps nothing on disk, and
 * answers only this machine, and only with its password.
 */
final class EmbeddedRedis implements AutoCloseable {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	static final String HOST = LOOPBACK.getHostAddress();

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedRedis.class);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Ends the server when the standard input ends: when this application closes it, and
	 * also when it is killed.
	 */
	private static final String WATCH = "trap '' INT; \"$@\" & read -r _; kill $!; wait $!";

	private final Process process;

	private final Path directory;

	private final int port;

	private final String password;

	private EmbeddedRedis(Process process, Path directory, int port, String password) {
		this.process = process;
		this.directory = directory;
		this.port = port;
		this.password = password;
	}

	/**
	 * Start a server on a free port and wait until it answers.
	 * @return the running server
	 */
	static EmbeddedRedis start() {
		return start(Optional.ofNullable(System.getenv("PATH")).orElse(""));
	}

	static EmbeddedRedis start(String searchPath) {
		try {
			Path directory = Files.createTempDirectory("sample-redis-");
			RedisExecutable executable = RedisExecutable.find(searchPath, directory);
			int port = freePort();
			String password = UUID.randomUUID().toString();
			Files.writeString(configuration(directory), "requirepass " + password + "\n");
			EmbeddedRedis redis = new EmbeddedRedis(launch(command(searchPath, executable, directory, port), directory),
					directory, port, password);
			redis.awaitAnswer();
			logger.info("No Redis is configured: started {} ({}) at {}:{} for as long as this application runs",
					executable.path(), executable.origin(), HOST, port);
			return redis;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(
					"Cannot start a Redis server; set spring.data.redis.url to use one that runs", ex);
		}
	}

	int port() {
		return this.port;
	}

	String password() {
		return this.password;
	}

	private static List<String> command(String searchPath, RedisExecutable executable, Path directory, int port) {
		List<String> command = new ArrayList<>();
		// In a session of its own it does not get the Ctrl-C that is meant for us, and
		// still answers while we shut down.
		RedisExecutable.find(searchPath, "setsid").ifPresent((setsid) -> command.add(setsid.toString()));
		command.addAll(List.of("sh", "-c", WATCH, "sh"));
		command.addAll(List.of(executable.path().toString(), configuration(directory).toString(), "--bind", HOST,
				"--port", "" + port, "--save", "", "--appendonly", "no", "--dir", directory.toString()));
		return command;
	}

	private static Process launch(List<String> command, Path directory) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(directory).toFile()).start();
	}

	private void awaitAnswer() throws IOException {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (!answers()) {
			if (!this.process.isAlive() || System.nanoTime() > deadline) {
				String log = Files.readString(log(this.directory));
				close();
				throw new IOException("It does not answer. Its log:\n" + log);
			}
			pause();
		}
	}

	private boolean answers() {
		try (Socket socket = new Socket(LOOPBACK, this.port)) {
			socket.setSoTimeout(1000);
			String commands = "AUTH " + this.password + "\r\nPING\r\n";
			socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(10), StandardCharsets.US_ASCII).equals("+OK\r\n+PONG");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void pause() throws IOException {
		try {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	/**
	 * A file of the owner's alone, since others can read the arguments of a process.
	 */
	private static Path configuration(Path directory) {
		return directory.resolve("redis.conf");
	}

	private static Path log(Path directory) {
		return directory.resolve("redis.log");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() throws IOException {
		this.process.getOutputStream().close();
		try {
			if (!this.process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.process.descendants().forEach(ProcessHandle::destroyForcibly);
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
