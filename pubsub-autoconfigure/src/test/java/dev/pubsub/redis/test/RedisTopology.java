package dev.pubsub.redis.test;

import java.util.List;
import java.util.Locale;

import io.lettuce.core.RedisURI;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * How the servers that all tests share are arranged, from the system property or
 * environment variable {@code PUBSUB_TEST_TOPOLOGY}: {@code standalone}, {@code cluster}
 * or {@code sentinel}.
 */
enum RedisTopology {

	STANDALONE, CLUSTER, SENTINEL;

	static final String VARIABLE = "PUBSUB_TEST_TOPOLOGY";

	static RedisTopology get() {
		String property = System.getProperty(VARIABLE);
		String choice = (property != null) ? property : System.getenv(VARIABLE);
		return (choice == null || choice.isBlank()) ? STANDALONE : valueOf(choice.strip().toUpperCase(Locale.ROOT));
	}

	/**
	 * Start the servers.
	 * @return the servers
	 */
	SharedRedisServer start() {
		return switch (this) {
			case STANDALONE -> SharedRedisServer.start(RedisChoice.get());
			case CLUSTER -> {
				RedisCluster cluster = RedisCluster.start();
				yield new SharedRedisServer(RedisURI.create(cluster.nodes().get(0).url()), cluster.toString(),
						cluster::close, new RedisClusterConfiguration(cluster.addresses()),
						List.of("spring.data.redis.cluster.nodes=" + String.join(",", cluster.addresses())));
			}
			case SENTINEL -> {
				RedisSentinels sentinels = RedisSentinels.start();
				RedisSentinelConfiguration configuration = new RedisSentinelConfiguration()
					.master(RedisSentinels.MASTER);
				sentinels.sentinels().forEach((sentinel) -> configuration.sentinel(sentinel.host(), sentinel.port()));
				yield new SharedRedisServer(RedisURI.create(sentinels.master().url()), sentinels.toString(),
						sentinels::close, configuration,
						List.of("spring.data.redis.sentinel.master=" + RedisSentinels.MASTER,
								"spring.data.redis.sentinel.nodes=" + String.join(",", sentinels.addresses())));
			}
		};
	}

	static RedisConfiguration standalone(RedisURI uri) {
		return LettuceConnectionFactory.createRedisConfiguration(uri);
	}

}
