package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import org.springframework.util.FileSystemUtils;

/**
 * Starts an executable with the same options in the same directory, as often as asked.
 *
 * @param binary the executable
 * @param configurationFile file in the directory to start with, none if empty
 * @param options options as on the command line
 * @param directory where the server keeps its files and its log
 */
record RedisLauncher(RedisBinary binary, String configurationFile, List<String> options, Path directory) {

	static final String HOST = "127.0.0.1";

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Return what starts a server, which keeps nothing unless told so.
	 * @param binary the executable
	 * @param extraArgs options as on the command line
	 * @return the launcher
	 */
	static RedisLauncher of(RedisBinary binary, String... extraArgs) {
		List<String> options = new ArrayList<>(List.of("--save", "", "--appendonly", "no"));
		options.addAll(List.of(extraArgs));
		return new RedisLauncher(binary, "", options, newDirectory());
	}

	/**
	 * Return what starts a Sentinel.
	 * @param binary the executable
	 * @param configuration lines of its configuration, which it will change
	 * @param extraArgs options as on the command line
	 * @return the launcher
	 */
	static RedisLauncher sentinel(RedisBinary binary, List<String> configuration, String... extraArgs) {
		Path directory = newDirectory();
		try {
			Files.write(directory.resolve("sentinel.conf"), configuration);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new RedisLauncher(binary, "sentinel.conf",
				Stream.concat(Stream.of("--sentinel"), Stream.of(extraArgs)).toList(), directory);
	}

	/**
	 * Return the value of an option on the command line.
	 * @param name name of the option
	 * @return its value, empty if it is not there
	 */
	String option(String name) {
		int index = this.options.indexOf(name);
		return (index >= 0) ? this.options.get(index + 1) : "";
	}

	private static Path newDirectory() {
		try {
			return Files.createTempDirectory("redis-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a server and wait until it answers.
	 * @param port where it listens
	 * @return the running server
	 */
	Process launch(int port) {
		List<String> command = new ArrayList<>(List.of(this.binary.path().toString()));
		if (!this.configurationFile.isEmpty()) {
			command.add(this.configurationFile);
		}
		command.addAll(List.of("--port", "" + port, "--bind", HOST, "--daemonize", "no"));
		command.addAll(this.options);
		Process process = run(command);
		try {
			Awaitility.await("Redis answers")
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(10))
				.atMost(START_TIMEOUT)
				.until(() -> !process.isAlive() || answers(port));
		}
		catch (RuntimeException ex) {
			process.destroyForcibly();
			throw ex;
		}
		if (!process.isAlive()) {
			throw new IllegalStateException(String.join(" ", command) + " ended:\n" + log());
		}
		return process;
	}

	String log() {
		try {
			return Files.exists(logFile()) ? Files.readString(logFile()) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void deleteFiles() {
		FileSystemUtils.deleteRecursively(this.directory.toFile());
	}

	private Process run(List<String> command) {
		try {
			return new ProcessBuilder(command).directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot run " + this.binary.path(), ex);
		}
	}

	private Path logFile() {
		return this.directory.resolve("redis.log");
	}

	private static boolean answers(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(HOST, port), 1000);
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

}
