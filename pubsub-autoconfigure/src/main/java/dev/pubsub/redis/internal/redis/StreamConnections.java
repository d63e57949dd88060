package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.NamedNode;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * Opens the library's own connections to the server that the application uses: same
 * address, TLS, credentials, Sentinel and cluster settings, but a client of its own,
 * whose options suit a queue. Thread-safe.
 */
public final class StreamConnections implements SharedConnections, AutoCloseable {

	private static final Duration SUSPICION = Duration.ofSeconds(1);

	private final String address;

	private final StreamClientConfiguration clientConfiguration;

	private final BackgroundThreads threads;

	private final StreamNames names;

	private final KeyPrefix keyPrefix;

	private final EventLoops loops = new EventLoops();

	private final DriverClient client;

	private final Reconnects reconnects = new Reconnects();

	private final ServerNodes nodes;

	private final Topology topology;

	private final Set<RoutedLink> links = ConcurrentHashMap.newKeySet();

	private StreamConnections(RedisConfiguration server, LettuceClientConfiguration clientConfiguration,
			BackgroundThreads threads, KeyPrefix keyPrefix) {
		this.address = ServerAddress.of(server, clientConfiguration.isUseSsl());
		this.clientConfiguration = new StreamClientConfiguration(clientConfiguration);
		this.client = new DriverClient(this.clientConfiguration, this.loops);
		this.threads = threads;
		this.names = new StreamNames(RedisConfiguration.isClusterConfiguration(server), keyPrefix);
		this.keyPrefix = keyPrefix;
		this.nodes = new ServerNodes(server, this.clientConfiguration);
		this.topology = topology(server);
	}

	private Topology topology(RedisConfiguration server) {
		NodeQuery query = new NodeQuery(this.client::get);
		if (RedisConfiguration.isClusterConfiguration(server)) {
			return new Topology(new ClusterDiscovery(this.nodes, query), this.threads);
		}
		if (server instanceof RedisConfiguration.SentinelConfiguration sentinels) {
			NamedNode master = sentinels.getMaster();
			Assert.state(master != null, "Sentinels need the name of the master");
			return new Topology(
					new SentinelDiscovery(String.valueOf(master.getName()), this.nodes, query, this.threads),
					this.threads);
		}
		if (RedisConfiguration.isStaticMasterReplicaConfiguration(server)) {
			return new Topology(new MasterDiscovery(this.nodes, query), this.threads);
		}
		return new Topology(this.nodes.configured().get(0));
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
		return new StreamConnections(ConfiguredServer.of(factory), factory.getClientConfiguration(), threads,
				keyPrefix);
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
		return open(name, null, timeout, Duration.ZERO);
	}

	/**
	 * Return a link, which connects when it is first used.
	 * @param name what it is for, in messages, and in the name that Redis shows
	 * @param stream the only stream it is for, if there is one
	 * @param timeout longest silence while a reply is due
	 * @param wait how much of it is usual, since commands wait in the server
	 * @return the link, closed with these connections if the caller does not close it
	 */
	public RedisLink open(String name, @Nullable String stream, Duration timeout, Duration wait) {
		this.links.removeIf(RoutedLink::isClosed);
		Duration suspicion = this.topology.isFixed() ? timeout : wait.plus(SUSPICION);
		LinkSettings settings = new LinkSettings(name, this.address, this.keyPrefix, timeout, suspicion,
				(node) -> this.client.connect(node,
						ClientName.of(this.clientConfiguration.getClientName(), name, stream)),
				this.loops, this.threads, this.reconnects.of(name), this.topology::refresh);
		RoutedLink link = new RoutedLink(settings, this.topology, this.nodes);
		this.links.add(link);
		return link;
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

	/**
	 * Return how many connections were made in the place of lost ones.
	 * @return the numbers so far, by what the connections are for
	 */
	public Map<String, Long> reconnects() {
		return this.reconnects.counted();
	}

	@Override
	public void close() {
		// Before the client goes, which they would take for a lost connection.
		this.links.forEach(RoutedLink::close);
		this.links.clear();
		this.topology.close();
		this.client.close();
		this.clientConfiguration.close();
	}

	/**
	 * Use other certificates for the connections that are made from now on.
	 * @param tls certificates, protocols and ciphers
	 */
	public void useTls(SslOptions tls) {
		this.client.useTls(tls);
	}

	/**
	 * What has a colon is no name of a host, but the driver takes it for one: where a
	 * password has a '#' that is not escaped, it is the user with a part of the password.
	 */
	private static void requireHost(@Nullable String host) {
		Assert.isTrue(host == null || host.startsWith("[") || host.indexOf(':') < 0, "The address has no host");
	}

}
