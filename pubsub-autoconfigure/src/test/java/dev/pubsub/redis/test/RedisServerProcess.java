package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * A server that belongs to one test, which may kill it, freeze it and start it again. It
 * has its own port and directory, and ends with the JVM if the test does not end it. Not
 * safe for use from many threads.
 */
public final class RedisServerProcess implements AutoCloseable {

	private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

	private final RedisLauncher launcher;

	private final Thread endWithJvm = new Thread(this::kill, "stop-redis");

	private int port;

	private @Nullable Process process;

	private boolean frozen;

	private @Nullable Connections connections;

	private RedisServerProcess(RedisLauncher launcher) {
		this.launcher = launcher;
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
		return start(RedisLauncher.of(binary, extraArgs), Ports::free);
	}

	static RedisServerProcess start(RedisLauncher launcher, IntSupplier ports) {
		RedisServerProcess server = new RedisServerProcess(launcher);
		Runtime.getRuntime().addShutdownHook(server.endWithJvm);
		server.startOnFreePort(ports);
		return server;
	}

	public String host() {
		return RedisLauncher.HOST;
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "redis://" + address();
	}

	/**
	 * Return host and port, as the settings of clusters and Sentinels name servers.
	 * @return the address, such as {@code 127.0.0.1:6379}
	 */
	public String address() {
		return RedisLauncher.HOST + ":" + this.port;
	}

	/**
	 * Return host and port for connections with TLS.
	 * @return the address
	 */
	public String tlsAddress() {
		return RedisLauncher.HOST + ":" + tlsPort();
	}

	int tlsPort() {
		return Integer.parseInt(this.launcher.option("--tls-port"));
	}

	boolean hasTls() {
		return !this.launcher.option("--tls-port").isEmpty();
	}

	/**
	 * Send one command on a connection of its own, which is closed then.
	 * @param args the command and its arguments
	 * @return a string, a {@code Long}, a list of these, or {@code null}
	 * @throws IllegalStateException if the server answers with an error
	 * @throws java.io.UncheckedIOException if it does not answer within two seconds
	 */
	public @Nullable Object send(String... args) {
		try (RawConnection connection = connect(COMMAND_TIMEOUT)) {
			return connection.send(args);
		}
	}

	RawConnection connect(Duration timeout) {
		RawConnection connection = new RawConnection(this.port, timeout);
		String password = this.launcher.option("--requirepass");
		if (!password.isEmpty()) {
			connection.send("AUTH", password);
		}
		return connection;
	}

	public long pid() {
		return current().pid();
	}

	public boolean isAlive() {
		return this.process != null && this.process.isAlive();
	}

	/**
	 * Return whether the server runs and is not frozen.
	 * @return whether it can answer
	 */
	public boolean isAnswering() {
		return isAlive() && !this.frozen;
	}

	/**
	 * Return what looks into this server. It has no prefix, and outlives restarts.
	 * @return the view, closed with the server
	 */
	public TestRedis redis() {
		RedisURI uri = RedisURI.create(url());
		if (this.connections == null) {
			this.connections = new Connections(uri, RedisTopology.standalone(uri));
		}
		return new TestRedis(uri, "", this.connections, List.of());
	}

	/**
	 * Return what the server wrote to its log, for messages of failed tests.
	 * @return the log since the first start
	 */
	public String log() {
		return this.launcher.log();
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
		this.frozen = true;
	}

	/**
	 * Let a frozen server go on.
	 */
	public void resume() {
		signal("CONT");
		this.frozen = false;
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
	 * Let the server answer again, whether it is frozen or dead.
	 */
	void repair() {
		if (!isAlive()) {
			launch();
		}
		else if (this.frozen) {
			resume();
		}
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
		this.launcher.deleteFiles();
	}

	private void startOnFreePort(IntSupplier ports) {
		for (int attempt = 1;; attempt++) {
			this.port = ports.getAsInt();
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
		this.frozen = false;
		this.process = this.launcher.launch(this.port);
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

	@Override
	public String toString() {
		return this.launcher.binary().kind() + " " + this.launcher.binary().path() + " at " + RedisLauncher.HOST + ":"
				+ this.port;
	}

}
