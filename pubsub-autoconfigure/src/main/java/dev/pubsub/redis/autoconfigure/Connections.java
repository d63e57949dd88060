package dev.pubsub.redis.autoconfigure;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the Redis to use: the configured address, else that of the application's
 * connection factory.
 */
final class Connections {

	private static final String USE_URL = "set pubsub.redis.url to the address of the primary";

	private final ListableBeanFactory beanFactory;

	private final BackgroundThreads threads;

	Connections(ListableBeanFactory beanFactory, BackgroundThreads threads) {
		this.beanFactory = beanFactory;
		this.threads = threads;
	}

	StreamConnections open(@Nullable String url) {
		LettuceConnectionFactory factory = applicationFactory();
		if (url != null) {
			return open(url, (factory != null) ? factory.getClientConfiguration()
					: LettuceClientConfiguration.defaultConfiguration());
		}
		if (factory == null) {
			throw noFactory(this.beanFactory.getBeansOfType(RedisConnectionFactory.class));
		}
		if (isStaticMasterReplica(factory)) {
			throw new UnsuitableConnectionFactoryException(
					"Messaging on Redis Streams cannot find the primary of a static master/replica setup.",
					"Use Sentinel or Cluster, or " + USE_URL + ".");
		}
		return StreamConnections.to(factory, this.threads);
	}

	/**
	 * Return the factory that the application would be given. Asked for by the interface,
	 * as beans are declared by it, and only what exists tells whether it is for Lettuce.
	 */
	private @Nullable LettuceConnectionFactory applicationFactory() {
		RedisConnectionFactory unique = this.beanFactory.getBeanProvider(RedisConnectionFactory.class).getIfUnique();
		if (unique != null) {
			return (unique instanceof LettuceConnectionFactory factory) ? factory : null;
		}
		List<LettuceConnectionFactory> factories = this.beanFactory.getBeansOfType(RedisConnectionFactory.class)
			.values()
			.stream()
			.filter(LettuceConnectionFactory.class::isInstance)
			.map(LettuceConnectionFactory.class::cast)
			.toList();
		return (factories.size() == 1) ? factories.get(0) : null;
	}

	private StreamConnections open(String url, LettuceClientConfiguration client) {
		try {
			return StreamConnections.to(url, client, this.threads);
		}
		catch (RuntimeException ex) {
			throw new InvalidUrlException(url);
		}
	}

	private static UnsuitableConnectionFactoryException noFactory(Map<String, RedisConnectionFactory> factories) {
		if (factories.isEmpty()) {
			return new UnsuitableConnectionFactoryException(
					"Messaging on Redis Streams needs a LettuceConnectionFactory bean, and there is none.",
					"Add spring-boot-starter-data-redis, define a LettuceConnectionFactory bean, or set "
							+ "pubsub.redis.url. To start without messaging set pubsub.redis.enabled to false.");
		}
		if (factories.values().stream().filter(LettuceConnectionFactory.class::isInstance).count() > 1) {
			return new UnsuitableConnectionFactoryException(
					"Messaging on Redis Streams needs one LettuceConnectionFactory bean, and there are several: %s."
						.formatted(factories.keySet()),
					"Mark one of them as @Primary, or set pubsub.redis.url.");
		}
		return new UnsuitableConnectionFactoryException(
				"Messaging on Redis Streams needs Lettuce, but the connection factory %s is not a LettuceConnectionFactory."
					.formatted(factories.keySet()),
				"Set spring.data.redis.client-type to lettuce (and have io.lettuce:lettuce-core on the class path), or "
						+ USE_URL + ".");
	}

	/**
	 * The factory does not tell: what it answers for such a setup is the default address.
	 */
	private static boolean isStaticMasterReplica(LettuceConnectionFactory factory) {
		Field field = ReflectionUtils.findField(LettuceConnectionFactory.class, "configuration");
		if (field == null) {
			return false;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, factory) instanceof RedisConfiguration configuration
				&& RedisConfiguration.isStaticMasterReplicaConfiguration(configuration);
	}

}
