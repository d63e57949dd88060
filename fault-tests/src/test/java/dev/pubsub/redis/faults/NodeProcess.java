package dev.pubsub.redis.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * A consumer or producer in a JVM of its own, ended by its process id only. Not
 * thread-safe.
 */
final class NodeProcess implements AutoCloseable {

	private final String name;

	private final Path journal;

	private final Path log;

	private final Process process;

	private NodeProcess(String name, Path journal, Path log, Process process) {
		this.name = name;
		this.journal = journal;
		this.log = log;
		this.process = process;
	}

	static NodeProcess start(Class<?> main, String name, Path directory, Arguments arguments) {
		Path journal = directory.resolve(name + ".journal");
		Path log = directory.resolve(name + ".log");
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-cp", System.getProperty("java.class.path"), arguments.text("collector", "-XX:+UseSerialGC"),
				"-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xms32m", "-Xmx" + arguments.number("heap", 192) + "m",
				"-XX:-UsePerfData", "-Dfaults.level=" + System.getProperty("faults.level", "INFO"), main.getName()));
		command.addAll(arguments.with("journal", journal).toList());
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			return new NodeProcess(name, journal, log, process);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String name() {
		return this.name;
	}

	NodeProcess awaitReady() {
		Awaitility.await(this.name + " is ready")
			.pollInterval(Duration.ofMillis(20))
			.atMost(Duration.ofSeconds(60))
			.until(() -> has("READY") || !this.process.isAlive());
		if (!has("READY")) {
			throw new IllegalStateException(this.name + " ended:\n" + log());
		}
		return this;
	}

	boolean has(String what) {
		return entries().stream().anyMatch((entry) -> entry.what().equals(what));
	}

	List<Journal.Entry> entries() {
		return Journal.read(this.journal, this.name);
	}

	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * End it as {@code kill -9} does.
	 */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	/**
	 * End it as {@code SIGTERM} does, and wait until it is gone.
	 */
	void stop() {
		// Not Process.destroy(): that closes the standard input too, and the node ends at
		// once.
		signal("TERM");
		awaitExit();
	}

	void awaitExit() {
		try {
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				kill();
				throw new IllegalStateException(this.name + " does not end:\n" + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	void freeze() {
		signal("STOP");
	}

	void resume() {
		signal("CONT");
	}

	void tell(String word) {
		try {
			this.process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid()).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
	}

}
