package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.DomainSocketConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.SentinelConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.StaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.util.StringUtils;

/**
 * Knows the servers by their addresses, and what a connection to any of them needs: TLS,
 * credentials and database are the same for all. Thread-safe.
 */
final class ServerNodes {

	private static final int MANY = 1000;

	private static final String LOCALHOST = "localhost";

	private final RedisConfiguration configuration;

	private final LettuceClientConfiguration client;

	private final Map<String, ServerNode> nodes = new ConcurrentHashMap<>();

	ServerNodes(RedisConfiguration configuration, LettuceClientConfiguration client) {
		this.configuration = configuration;
		this.client = client;
	}

	/**
	 * Return the server at an address.
	 */
	ServerNode at(String host, int port) {
		return this.nodes.computeIfAbsent(host + ":" + port, (address) -> new ServerNode(uri(host, port)));
	}

	/**
	 * Forget servers that serve nothing any more, where addresses come and go.
	 * @param serving those that do
	 */
	void keep(Set<ServerNode> serving) {
		if (this.nodes.size() > MANY) {
			this.nodes.values().retainAll(serving);
		}
	}

	/**
	 * Return the configured servers: one, or those that know all others.
	 */
	List<ServerNode> configured() {
		if (this.configuration instanceof DomainSocketConfiguration socket) {
			return List.of(this.nodes.computeIfAbsent(socket.getSocket(),
					(path) -> new ServerNode(data(RedisURI.Builder.socket(path)))));
		}
		if (this.configuration instanceof RedisConfiguration.ClusterConfiguration cluster) {
			return cluster.getClusterNodes().stream().map(this::at).toList();
		}
		if (this.configuration instanceof StaticMasterReplicaConfiguration servers) {
			return servers.getNodes().stream().map((node) -> at(node.getHostName(), node.getPort())).toList();
		}
		return List.of(at(RedisConfiguration.getHostOrElse(this.configuration, () -> LOCALHOST),
				RedisConfiguration.getPortOrElse(this.configuration, () -> RedisURI.DEFAULT_REDIS_PORT)));
	}

	/**
	 * Return the addresses of the configured Sentinels.
	 */
	List<RedisURI> sentinels() {
		return (this.configuration instanceof SentinelConfiguration sentinels)
				? sentinels.getSentinels().stream().map((node) -> sentinel(node, sentinels)).toList() : List.of();
	}

	private ServerNode at(RedisNode node) {
		return at(host(node), port(node));
	}

	private static String host(RedisNode node) {
		String host = node.getHost();
		return (host != null) ? host : LOCALHOST;
	}

	private static int port(RedisNode node) {
		Integer port = node.getPort();
		return (port != null) ? port : RedisURI.DEFAULT_REDIS_PORT;
	}

	private RedisURI uri(String host, int port) {
		return data(RedisURI.Builder.redis(host, port));
	}

	private RedisURI data(RedisURI.Builder builder) {
		authenticate(builder, RedisConfiguration.getUsernameOrElse(this.configuration, () -> null),
				RedisConfiguration.getPasswordOrElse(this.configuration, RedisPassword::none));
		this.client.getRedisCredentialsProviderFactory()
			.ifPresent((factory) -> builder.withAuthentication(factory.createCredentialsProvider(this.configuration)));
		builder.withDatabase(RedisConfiguration.getDatabaseOrElse(this.configuration, () -> 0));
		return common(builder);
	}

	private RedisURI sentinel(RedisNode node, SentinelConfiguration sentinels) {
		RedisURI.Builder builder = RedisURI.Builder.redis(host(node), port(node));
		authenticate(builder, sentinels.getSentinelUsername(), sentinels.getSentinelPassword());
		if (sentinels instanceof RedisSentinelConfiguration own) {
			this.client.getRedisCredentialsProviderFactory()
				.ifPresent((factory) -> builder.withAuthentication(factory.createSentinelCredentialsProvider(own)));
		}
		return common(builder);
	}

	private static void authenticate(RedisURI.Builder builder, @Nullable String user, RedisPassword password) {
		password.toOptional().map(String::new).ifPresent((secret) -> {
			if (user != null && StringUtils.hasText(user)) {
				builder.withAuthentication(user, secret);
			}
			else {
				builder.withPassword(secret.toCharArray());
			}
		});
	}

	private RedisURI common(RedisURI.Builder builder) {
		this.client.getClientName().ifPresent(builder::withClientName);
		return builder.withSsl(this.client.isUseSsl())
			.withVerifyPeer(this.client.getVerifyMode())
			.withStartTls(this.client.isStartTls())
			.withTimeout(this.client.getCommandTimeout())
			.build();
	}

}
