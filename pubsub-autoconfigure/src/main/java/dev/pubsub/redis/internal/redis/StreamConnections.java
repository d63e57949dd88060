package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * Opens the library's own connections to the server that the application uses: same
 * address, TLS, credentials, sentinel and cluster settings, but a client of its own,
 * whose options suit a queue. Thread-safe: {@code lock} guards the start.
 */
public final class StreamConnections implements SharedConnections, AutoCloseable {

	private final RedisConfiguration server;

	private final String address;

	private final StreamClientConfiguration clientConfiguration;

	private final BackgroundThreads threads;

	private final StreamNames names;

	private final KeyPrefix keyPrefix;

	private final ConnectGate gate = new ConnectGate(System::nanoTime);

	private final EventLoops loops = new EventLoops();

	private final Set<LettuceLink> links = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable LettuceConnectionFactory factory;

	private boolean closed;

	private StreamConnections(RedisConfiguration server, LettuceClientConfiguration clientConfiguration,
			BackgroundThreads threads, KeyPrefix keyPrefix) {
		this.server = server;
		this.address = ServerAddress.of(server, clientConfiguration.isUseSsl());
		this.clientConfiguration = new StreamClientConfiguration(clientConfiguration);
		this.threads = threads;
		this.names = new StreamNames(RedisConfiguration.isClusterConfiguration(server), keyPrefix);
		this.keyPrefix = keyPrefix;
	}

	/**
	 * Return connections to the server of the given factory.
	 * @param factory the application's factory
	 * @param threads threads to connect with
	 * @return the connections
	 */
	public static StreamConnections to(LettuceConnectionFactory factory, BackgroundThreads threads) {
		return to(factory, threads, KeyPrefix.NONE);
	}

	/**
	 * Return connections to the server of the given factory.
	 * @param factory the application's factory
	 * @param threads threads to connect with
	 * @param keyPrefix what all keys start with
	 * @return the connections
	 */
	public static StreamConnections to(LettuceConnectionFactory factory, BackgroundThreads threads,
			KeyPrefix keyPrefix) {
		return new StreamConnections(serverOf(factory), factory.getClientConfiguration(), threads, keyPrefix);
	}

	/**
	 * Return connections to the server with the given address.
	 * @param url a Redis URI, such as {@code rediss://user:password@host:6379/0}
	 * @param client the settings to share where the address says nothing
	 * @param threads threads to connect with
	 * @return the connections
	 * @throws IllegalArgumentException if that is no address; may quote it
	 */
	public static StreamConnections to(String url, LettuceClientConfiguration client, BackgroundThreads threads) {
		return to(url, client, threads, KeyPrefix.NONE);
	}

	/**
	 * Return connections to the server with the given address.
	 * @param url a Redis URI, such as {@code rediss://user:password@host:6379/0}
	 * @param client the settings to share where the address says nothing
	 * @param threads threads to connect with
	 * @param keyPrefix what all keys start with
	 * @return the connections
	 * @throws IllegalArgumentException if that is no address; may quote it
	 */
	public static StreamConnections to(String url, LettuceClientConfiguration client, BackgroundThreads threads,
			KeyPrefix keyPrefix) {
		RedisURI uri = RedisURI.create(url);
		requireHost(uri.getHost());
		LettuceClientConfiguration.LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder();
		client.getClientResources().ifPresent(builder::clientResources);
		client.getClientOptions().ifPresent(builder::clientOptions);
		return new StreamConnections(LettuceConnectionFactory.createRedisConfiguration(uri), builder.apply(uri).build(),
				threads, keyPrefix);
	}

	/**
	 * Return a link, which connects when it is first used.
	 * @param name what it is for, in messages
	 * @param timeout longest silence while a reply is due
	 * @return the link, closed with these connections if the caller does not close it
	 */
	public RedisLink open(String name, Duration timeout) {
		this.links.removeIf(LettuceLink::isClosed);
		LettuceLink link = new LettuceLink(new LinkName(name, this.address), timeout, this::connect, this.loops,
				this.threads, this.gate);
		this.links.add(link);
		return this.keyPrefix.isEmpty() ? link : new PrefixedLink(link, this.keyPrefix);
	}

	/**
	 * Return the threads that these connections are made with, for whatever uses them.
	 * @return the threads; whoever made them closes them
	 */
	public BackgroundThreads threads() {
		return this.threads;
	}

	/**
	 * Return which streams can be used with this server.
	 * @return the names
	 */
	public StreamNames names() {
		return this.names;
	}

	@Override
	public void close() {
		// Before the client goes, which they would take for a lost connection.
		this.links.forEach(LettuceLink::close);
		this.links.clear();
		this.lock.lock();
		try {
			this.closed = true;
			if (this.factory != null) {
				this.factory.destroy();
				this.factory = null;
			}
			this.clientConfiguration.close();
		}
		finally {
			this.lock.unlock();
		}
	}

	private StatefulConnection<byte[], byte[]> connect() {
		AbstractRedisClient client = client();
		if (client instanceof RedisClusterClient cluster) {
			return cluster.connect(ByteArrayCodec.INSTANCE);
		}
		return ((RedisClient) client).connect(ByteArrayCodec.INSTANCE);
	}

	private AbstractRedisClient client() {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IllegalStateException("Connections are closed");
			}
			if (this.factory == null) {
				this.factory = start();
			}
			return this.factory.getRequiredNativeClient();
		}
		finally {
			this.lock.unlock();
		}
	}

	private LettuceConnectionFactory start() {
		LettuceConnectionFactory started = new LettuceConnectionFactory(this.server, this.clientConfiguration);
		started.setShareNativeConnection(false);
		started.afterPropertiesSet();
		started.start();
		started.getRequiredNativeClient().addListener(this.loops);
		return started;
	}

	/**
	 * What has a colon is no name of a host, but the driver takes it for one: where a
	 * password has a '#' that is not escaped, it is the user with a part of the password.
	 */
	private static void requireHost(@Nullable String host) {
		Assert.isTrue(host == null || host.startsWith("[") || host.indexOf(':') < 0, "The address has no host");
	}

	private static RedisConfiguration serverOf(LettuceConnectionFactory factory) {
		if (factory.getClusterConfiguration() != null) {
			return factory.getClusterConfiguration();
		}
		if (factory.getSentinelConfiguration() != null) {
			return factory.getSentinelConfiguration();
		}
		if (factory.getSocketConfiguration() != null) {
			return factory.getSocketConfiguration();
		}
		return standaloneServerOf(factory);
	}

	/**
	 * A factory that was made with the general type of configuration keeps it to itself:
	 * its standalone configuration says nothing then, and its getters do not tell the
	 * user name.
	 */
	private static RedisConfiguration standaloneServerOf(LettuceConnectionFactory factory) {
		RedisStandaloneConfiguration server = factory.getStandaloneConfiguration();
		if (server.getHostName().equals(factory.getHostName()) && server.getPort() == factory.getPort()) {
			return server;
		}
		RedisStandaloneConfiguration copy = new RedisStandaloneConfiguration(factory.getHostName(), factory.getPort());
		copy.setDatabase(factory.getDatabase());
		copy.setPassword(factory.getPassword());
		return copy;
	}

}
