package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Stands between a client and a server and misbehaves on demand. Bytes that a mode
 * discards are gone for good, as when a firewall has lost a connection; packets that are
 * merely lost are TCP's own business. Safe to use from many threads.
 */
public final class FaultProxy implements AutoCloseable {

	private static final int CONNECT_TIMEOUT_MILLIS = 2000;

	private final InetSocketAddress server;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private final AtomicLong accepted = new AtomicLong();

	private final int port;

	private volatile @Nullable ServerSocket listener;

	private volatile Mode mode = Mode.NORMAL;

	private volatile String victims = "";

	private FaultProxy(InetSocketAddress server, ServerSocket listener) {
		this.server = server;
		this.listener = listener;
		this.port = listener.getLocalPort();
		accept(listener);
	}

	/**
	 * Start a proxy in front of a server.
	 * @param host host of the server
	 * @param port port of the server
	 * @return the proxy, which works as if it were not there
	 */
	public static FaultProxy to(String host, int port) {
		try {
			return new FaultProxy(new InetSocketAddress(host, port), listen(0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String host() {
		return InetAddress.getLoopbackAddress().getHostAddress();
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "redis://" + host() + ":" + this.port;
	}

	/**
	 * Return a new connection factory to the proxy.
	 * @return the factory, started; the caller destroys it
	 */
	public LettuceConnectionFactory connectionFactory() {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration(host(), this.port));
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * Return how many connections were made so far.
	 * @return the number of accepted connections
	 */
	public long accepted() {
		return this.accepted.get();
	}

	/**
	 * Behave differently from now on, on open connections too. {@link Mode#REFUSE} also
	 * cuts them; leaving it accepts connections again.
	 * @param changed the new mode
	 */
	public void mode(Mode changed) {
		Mode before = this.mode;
		this.victims = "";
		this.mode = changed;
		if (changed == Mode.REFUSE) {
			stopListening();
			cut();
		}
		else if (before == Mode.REFUSE) {
			try {
				ServerSocket socket = listen(this.port);
				this.listener = socket;
				accept(socket);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Discard replies, but only on connections that send the given text, from then on.
	 * @param text such as the name of a command
	 */
	public void swallowRepliesTo(String text) {
		this.victims = text;
		this.mode = Mode.SWALLOW_REPLIES;
	}

	/**
	 * Cut all open connections, once; new ones are served as the mode says.
	 */
	public void cut() {
		this.links.forEach(Link::close);
	}

	@Override
	public void close() {
		stopListening();
		cut();
	}

	private static ServerSocket listen(int port) throws IOException {
		ServerSocket socket = new ServerSocket();
		socket.setReuseAddress(true);
		socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		return socket;
	}

	private void stopListening() {
		ServerSocket socket = this.listener;
		if (socket != null) {
			closeQuietly(socket);
		}
	}

	private void accept(ServerSocket socket) {
		start("accept", () -> {
			while (!socket.isClosed()) {
				try {
					Link link = new Link(socket.accept());
					this.accepted.incrementAndGet();
					this.links.add(link);
					link.start();
				}
				catch (IOException ex) {
					// Closed, or the server is away: the next one decides.
				}
			}
		});
	}

	private static void start(String name, Runnable task) {
		Thread thread = new Thread(task, "proxy-" + name);
		thread.setDaemon(true);
		thread.start();
	}

	private static void closeQuietly(AutoCloseable closed) {
		try {
			closed.close();
		}
		catch (Exception ex) {
			// It is gone either way.
		}
	}

	/**
	 * How the proxy behaves.
	 */
	public enum Mode {

		/** Passes everything on. */
		NORMAL,

		/** Passes commands on and discards the replies. */
		SWALLOW_REPLIES,

		/** Discards what comes from both sides; connections stay open. */
		BLACKHOLE,

		/** Refuses connections, as if nobody listened. */
		REFUSE;

		boolean passes(boolean replies) {
			return this == NORMAL || (this == SWALLOW_REPLIES && !replies);
		}

	}

	/**
	 * One client's connection and the one behind it.
	 */
	private final class Link {

		private final Socket client;

		private final Socket upstream = new Socket();

		private volatile String sent = "";

		Link(Socket client) {
			this.client = client;
		}

		void start() {
			FaultProxy.start("commands", () -> {
				try {
					this.upstream.connect(FaultProxy.this.server, CONNECT_TIMEOUT_MILLIS);
					this.upstream.setTcpNoDelay(true);
					this.client.setTcpNoDelay(true);
					FaultProxy.start("replies", () -> pump(this.upstream, this.client, true));
					pump(this.client, this.upstream, false);
				}
				catch (IOException ex) {
					close();
				}
			});
		}

		private void pump(Socket from, Socket to, boolean replies) {
			byte[] buffer = new byte[16 * 1024];
			try {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
					boolean victim = isVictim(replies ? 0 : count, buffer);
					if (!victim || FaultProxy.this.mode.passes(replies)) {
						out.write(buffer, 0, count);
					}
				}
			}
			catch (IOException ex) {
				// One side is gone, and so goes the other.
			}
			close();
		}

		private boolean isVictim(int count, byte[] buffer) {
			String text = FaultProxy.this.victims;
			if (!text.isEmpty() && count > 0 && !this.sent.contains(text)) {
				String all = this.sent + new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
				this.sent = all.contains(text) ? text : all.substring(Math.max(0, all.length() - text.length()));
			}
			return this.sent.contains(text);
		}

		void close() {
			FaultProxy.this.links.remove(this);
			closeQuietly(this.client);
			closeQuietly(this.upstream);
		}

	}

}
