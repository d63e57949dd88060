package dev.pubsub.redis.internal.redis;

import java.lang.reflect.Field;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Finds out which server or servers a connection factory is for.
 */
final class ConfiguredServer {

	private ConfiguredServer() {
	}

	/**
	 * Return what a factory was configured with.
	 */
	static RedisConfiguration of(LettuceConnectionFactory factory) {
		RedisConfiguration masterReplica = masterReplica(factory);
		if (masterReplica != null) {
			return masterReplica;
		}
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
	 * The factory does not tell: what it answers for such a configuration is the default
	 * address.
	 */
	private static @Nullable RedisConfiguration masterReplica(LettuceConnectionFactory factory) {
		Field field = ReflectionUtils.findField(LettuceConnectionFactory.class, "configuration");
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return (ReflectionUtils.getField(field, factory) instanceof RedisConfiguration configuration
				&& RedisConfiguration.isStaticMasterReplicaConfiguration(configuration)) ? configuration : null;
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
