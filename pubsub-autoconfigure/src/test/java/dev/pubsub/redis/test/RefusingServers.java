package dev.pubsub.redis.test;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.cluster.SlotHash;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Two servers, "a" and "b", that answer as the masters of a cluster do, one of which has
 * all slots. They are no Redis: they answer commands on keys with an error as often as a
 * test says, which a real server does in rare moments only, and note which ones they took
 * for good. Thread-safe: its own lock guards what both know.
 */
public final class RefusingServers implements AutoCloseable {

	/**
	 * What stands for an error that names the other server, until it executes commands.
	 */
	public static final String MOVED = "MOVED";

	/**
	 * What stands for an error that names the other server for once.
	 */
	public static final String ASK = "ASK";

	/**
	 * What stands for a connection that is lost when a command was executed.
	 */
	public static final String LOST = "LOST";

	private final Server first = new Server("a");

	private final Server second = new Server("b");

	private final List<String> executed = new ArrayList<>();

	private Server owner = this.first;

	private int epoch = 1;

	private String error = "";

	private int times;

	private boolean byFirst;

	private int refused;

	private RefusingServers() {
	}

	/**
	 * Start both. The first has all slots.
	 * @return the servers, which refuse nothing
	 */
	public static RefusingServers start() {
		return new RefusingServers();
	}

	/**
	 * Return a factory that knows both as nodes of a cluster.
	 * @return the factory, started, which the caller destroys
	 */
	public LettuceConnectionFactory cluster() {
		return factory(new RedisClusterConfiguration(
				List.of("127.0.0.1:" + this.first.port(), "127.0.0.1:" + this.second.port())));
	}

	/**
	 * Return a factory that takes the first for a server of its own.
	 * @return the factory, started, which the caller destroys
	 */
	public LettuceConnectionFactory standalone() {
		return factory(new RedisStandaloneConfiguration("127.0.0.1", this.first.port()));
	}

	private static LettuceConnectionFactory factory(RedisConfiguration configuration) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration,
				LettuceClientConfiguration.defaultConfiguration());
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * Answer the next commands on keys with an error, whichever server gets them.
	 * @param text the error, or one of the constants here
	 * @param count number of commands
	 */
	public synchronized void refuse(String text, int count) {
		this.error = text;
		this.times = count;
		this.byFirst = false;
	}

	/**
	 * Have the first server answer all commands on keys with an error, and the second
	 * none.
	 * @param text the error, or one of the constants here
	 */
	public synchronized void refuseByFirst(String text) {
		refuse(text, Integer.MAX_VALUE);
		this.byFirst = true;
	}

	/**
	 * Return how many commands were refused.
	 * @return the number so far
	 */
	public synchronized int refused() {
		return this.refused;
	}

	/**
	 * Return which commands were executed, and where.
	 * @return texts such as {@code a XADD}, with an exclamation mark where the server was
	 * asked for once: {@code b! XADD}
	 */
	public synchronized List<String> executed() {
		return List.copyOf(this.executed);
	}

	/**
	 * End the first server, with all its connections.
	 */
	public void kill() {
		this.first.close();
	}

	/**
	 * Give all slots to the second server.
	 */
	public synchronized void promote() {
		own(this.second);
	}

	private void own(Server server) {
		this.owner = server;
		this.epoch++;
	}

	@Override
	public void close() {
		this.first.close();
		this.second.close();
	}

	private synchronized String nodes(Server asked) {
		StringBuilder text = new StringBuilder();
		for (Server server : List.of(this.first, this.second)) {
			boolean owns = server == this.owner;
			text.append("%s 127.0.0.1:%d@%d %smaster - 0 0 %d connected%s\n".formatted(server.name.repeat(40),
					server.port(), server.port(), (server == asked) ? "myself," : "", owns ? this.epoch : 0,
					owns ? " 0-16383" : ""));
		}
		return text.toString();
	}

	/**
	 * Return what a server answers to a command on a key.
	 */
	private synchronized String answer(Server server, List<String> command, boolean asking) {
		Server other = (server == this.first) ? this.second : this.first;
		String place = SlotHash.getSlot(key(command)) + " 127.0.0.1:" + other.port();
		if (this.times > 0 && !this.error.equals(LOST) && !(this.byFirst && server != this.first)) {
			this.times--;
			this.refused++;
			if (this.error.equals(MOVED)) {
				own(other);
			}
			return "-" + this.error + ((this.error.equals(MOVED) || this.error.equals(ASK)) ? " " + place : "");
		}
		if (server != this.owner && !asking) {
			return "-MOVED " + place;
		}
		this.executed.add(server.name + (asking ? "! " : " ") + command.get(0));
		if (this.times > 0 && this.error.equals(LOST)) {
			this.times--;
			return LOST;
		}
		return "$3\r\n1-1";
	}

	private static String key(List<String> command) {
		return command.get(command.get(0).startsWith("EVAL") ? 3 : 1);
	}

	/**
	 * A server.
	 */
	private final class Server implements AutoCloseable {

		private final String name;

		private final ServerSocket listener;

		private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

		Server(String name) {
			this.name = name;
			try {
				this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			start("accept", this::accept);
		}

		int port() {
			return this.listener.getLocalPort();
		}

		private void start(String role, Runnable task) {
			Thread thread = new Thread(task, "server-" + this.name + "-" + role);
			thread.setDaemon(true);
			thread.start();
		}

		private void accept() {
			try {
				while (true) {
					Socket socket = this.listener.accept();
					this.sockets.add(socket);
					start("serve", () -> serve(socket));
					if (this.listener.isClosed()) {
						socket.close();
					}
				}
			}
			catch (IOException ex) {
				// It was closed.
			}
		}

		private void serve(Socket socket) {
			try (socket) {
				InputStream in = new BufferedInputStream(socket.getInputStream());
				boolean asking = false;
				String answer = "";
				while (!answer.equals(LOST)) {
					List<String> command = read(in);
					answer = answer(command, asking);
					asking = command.get(0).equals("ASKING");
					if (!answer.equals(LOST)) {
						socket.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
					}
				}
			}
			catch (IOException ex) {
				// The client or the test has closed it.
			}
			finally {
				this.sockets.remove(socket);
			}
		}

		private String answer(List<String> command, boolean asking) {
			return switch (command.get(0)) {
				case "HELLO" -> "-ERR unknown command 'HELLO'";
				case "PING" -> "+PONG";
				case "CLIENT", "ASKING" -> "+OK";
				case "WAIT" -> ":1";
				case "INFO" -> text("redis_version:7.0.0");
				case "CLUSTER" -> text(nodes(this));
				default -> RefusingServers.this.answer(this, command, asking);
			};
		}

		private static String text(String text) {
			return "$" + text.length() + "\r\n" + text;
		}

		private static List<String> read(InputStream in) throws IOException {
			int size = Integer.parseInt(line(in).substring(1));
			List<String> command = new ArrayList<>(size);
			for (int i = 0; i < size; i++) {
				byte[] argument = in.readNBytes(Integer.parseInt(line(in).substring(1)));
				command.add(new String(argument, StandardCharsets.UTF_8));
				in.skipNBytes(2);
			}
			return command;
		}

		private static String line(InputStream in) throws IOException {
			StringBuilder line = new StringBuilder();
			int next = in.read();
			while (next != '\r') {
				if (next < 0) {
					throw new IOException("Closed");
				}
				line.append((char) next);
				next = in.read();
			}
			in.skipNBytes(1);
			return line.toString();
		}

		@Override
		public void close() {
			try {
				this.listener.close();
				for (Socket socket : this.sockets) {
					socket.close();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
