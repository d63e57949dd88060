package dev.pubsub.redis.internal.redis;

import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/**
 * Where a server is, as it may be logged: neither user nor password.
 */
final class ServerAddress {

	private ServerAddress() {
	}

	static String of(RedisConfiguration server, boolean tls) {
		return place(server) + (tls ? " with TLS" : "");
	}

	private static String place(RedisConfiguration server) {
		if (server instanceof RedisConfiguration.ClusterConfiguration cluster) {
			return "cluster " + nodes(cluster.getClusterNodes());
		}
		if (server instanceof RedisConfiguration.SentinelConfiguration sentinel && sentinel.getMaster() != null) {
			return "master \"" + sentinel.getMaster().getName() + "\" of the Sentinels "
					+ nodes(sentinel.getSentinels());
		}
		if (server instanceof RedisConfiguration.DomainSocketConfiguration socket) {
			return socket.getSocket();
		}
		if (server instanceof RedisStandaloneConfiguration standalone) {
			return standalone.getHostName() + ":" + standalone.getPort();
		}
		return server.getClass().getSimpleName();
	}

	private static String nodes(Set<RedisNode> nodes) {
		return nodes.stream().map(RedisNode::asString).sorted().collect(Collectors.joining(","));
	}

}
