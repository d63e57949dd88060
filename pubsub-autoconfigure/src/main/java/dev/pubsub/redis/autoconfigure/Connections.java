package dev.pubsub.redis.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.KeyPrefix;
import dev.pubsub.redis.internal.redis.StreamConnections;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Finds the Redis to use: the configured address, else that of the application's
 * connection factory.
 */
final class Connections {

	private static final String USE_URL = "set pubsub.redis.url to the address of the primary";

	private final ListableBeanFactory beanFactory;

	private final BackgroundThreads threads;

	private final KeyPrefix keyPrefix;

	Connections(ListableBeanFactory beanFactory, BackgroundThreads threads, KeyPrefix keyPrefix) {
		this.beanFactory = beanFactory;
		this.threads = threads;
		this.keyPrefix = keyPrefix;
	}

	/**
	 * Return connections to the configured Redis.
	 * @param url address of the server, if it is set
	 * @param factoryName name of the bean that knows the server, if it is set
	 * @return the connections
	 */
	StreamConnections open(@Nullable String url, @Nullable String factoryName) {
		LettuceConnectionFactory factory = (factoryName != null) ? namedFactory(factoryName) : applicationFactory();
		if (url != null) {
			return open(url, (factory != null) ? factory.getClientConfiguration()
					: LettuceClientConfiguration.defaultConfiguration());
		}
		if (factory == null) {
			throw noFactory(this.beanFactory.getBeansOfType(RedisConnectionFactory.class));
		}
		return StreamConnections.to(factory, this.threads, this.keyPrefix);
	}

	private LettuceConnectionFactory namedFactory(String name) {
		List<String> candidates = List
			.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, RedisConnectionFactory.class));
		String found = "The property pubsub.redis.connection-factory is \"" + name + "\"";
		String action = candidates.isEmpty()
				? "Define a LettuceConnectionFactory bean, or set pubsub.redis.url instead."
				: "Set the property to the name of a LettuceConnectionFactory bean. The RedisConnectionFactory beans are: "
						+ candidates + ".";
		if (!candidates.contains(name)) {
			throw new UnsuitableConnectionFactoryException(
					found + ", and there is no RedisConnectionFactory bean of that name.", action);
		}
		if (this.beanFactory.getBean(name) instanceof LettuceConnectionFactory factory) {
			return factory;
		}
		throw new UnsuitableConnectionFactoryException(found + ", which is not a LettuceConnectionFactory.", action);
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
			return StreamConnections.to(url, client, this.threads, this.keyPrefix);
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
					"Set pubsub.redis.connection-factory to the name of one of them, mark one as @Primary, or set "
							+ "pubsub.redis.url.");
		}
		return new UnsuitableConnectionFactoryException(
				"Messaging on Redis Streams needs Lettuce, but the connection factory %s is not a LettuceConnectionFactory."
					.formatted(factories.keySet()),
				"Set spring.data.redis.client-type to lettuce (and have io.lettuce:lettuce-core on the class path), or "
						+ USE_URL + ".");
	}

}
