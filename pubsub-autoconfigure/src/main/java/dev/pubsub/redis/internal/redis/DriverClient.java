package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.Failures;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;

/**
 * The driver's client that makes all connections. Thread-safe: {@code lock} guards the
 * start.
 */
final class DriverClient implements AutoCloseable {

	/**
	 * How long a server may take for its part, once it is connected: it says who it is,
	 * and checks who asks.
	 */
	private static final Duration GREETING = Duration.ofSeconds(10);

	private final StreamClientConfiguration configuration;

	private final EventLoops loops;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable RedisClient client;

	private @Nullable SslOptions tls;

	private boolean closed;

	private volatile boolean nameless;

	/**
	 * Create a client that starts when it is first needed.
	 * @param configuration its options
	 * @param loops learn of its connections
	 */
	DriverClient(StreamClientConfiguration configuration, EventLoops loops) {
		this.configuration = configuration;
		this.loops = loops;
	}

	/**
	 * Connect under a name, unless the server refuses names.
	 */
	StatefulConnection<byte[], byte[]> connect(ServerNode node, String name) {
		if (!this.nameless) {
			try {
				return open(named(node.uri(), name));
			}
			catch (RedisException ex) {
				if (!ClientName.isRefusal(ex)) {
					throw ex;
				}
			}
		}
		StatefulConnection<byte[], byte[]> connection = open(node.uri());
		this.nameless = true;
		return connection;
	}

	private StatefulConnection<byte[], byte[]> open(RedisURI uri) {
		RedisClient client = get();
		Duration greeting = (uri.getTimeout().compareTo(GREETING) < 0) ? uri.getTimeout() : GREETING;
		Duration longest = client.getOptions().getSocketOptions().getConnectTimeout().plus(greeting);
		return await(client.connectAsync(ByteArrayCodec.INSTANCE, uri), longest);
	}

	/**
	 * Wait for a connection. The driver says when it took too long, unless its event loop
	 * broke off: then it never says anything.
	 */
	static <C extends StatefulConnection<?, ?>> C await(ConnectionFuture<C> connecting, Duration atMost) {
		try {
			return connecting.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			closeLater(connecting);
			throw RedisConnectionException.create(connecting.getRemoteAddress(), ex);
		}
		catch (TimeoutException ex) {
			closeLater(connecting);
			throw new RedisConnectionException("the driver did not say within " + atMost + " whether it connected", ex);
		}
		catch (ExecutionException ex) {
			throw RedisConnectionException.create(connecting.getRemoteAddress(), Failures.unwrap(ex));
		}
	}

	private static void closeLater(ConnectionFuture<? extends StatefulConnection<?, ?>> connecting) {
		connecting.whenComplete((connection, failure) -> {
			if (connection != null) {
				connection.closeAsync();
			}
		});
	}

	private static RedisURI named(RedisURI uri, String name) {
		RedisURI copy = RedisURI.builder(uri).build();
		copy.setClientName(name);
		return copy;
	}

	/**
	 * Return the driver's client, started when it is first needed.
	 */
	RedisClient get() {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IllegalStateException("Connections are closed");
			}
			if (this.client == null) {
				this.client = start();
			}
			return this.client;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Use other certificates for the connections that are made from now on.
	 * @param tls certificates, protocols and ciphers
	 */
	void useTls(SslOptions tls) {
		this.lock.lock();
		try {
			this.tls = tls;
			if (this.client != null) {
				this.client.setOptions(options());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private ClientOptions options() {
		ClientOptions options = this.configuration.options();
		return (this.tls != null) ? options.mutate().sslOptions(this.tls).build() : options;
	}

	private RedisClient start() {
		RedisClient started = this.configuration.getClientResources()
			.map(RedisClient::create)
			.orElseGet(RedisClient::create);
		started.setOptions(options());
		started.addListener(this.loops);
		return started;
	}

	@Override
	public void close() {
		RedisClient started;
		this.lock.lock();
		try {
			this.closed = true;
			started = this.client;
			this.client = null;
		}
		finally {
			this.lock.unlock();
		}
		if (started != null) {
			started.shutdown(this.configuration.getShutdownQuietPeriod(), this.configuration.getShutdownTimeout());
		}
	}

}
