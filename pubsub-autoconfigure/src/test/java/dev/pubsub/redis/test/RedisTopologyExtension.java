package dev.pubsub.redis.test;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Resolves {@link RedisCluster} and {@link RedisSentinels} parameters. The tests of a
 * class share what they ask for, which ends with the class. Whoever asks gets it whole:
 * dead processes are started again and frozen ones resumed before.
 */
public class RedisTopologyExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(RedisTopologyExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		return type == RedisCluster.class || type == RedisSentinels.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		Store store = classStore(context);
		if (parameter.getParameter().getType() == RedisCluster.class) {
			RedisCluster cluster = store.computeIfAbsent(RedisCluster.class, (type) -> RedisCluster.start(),
					RedisCluster.class);
			cluster.repair();
			return cluster;
		}
		RedisSentinels sentinels = store.computeIfAbsent(RedisSentinels.class, (type) -> RedisSentinels.start(),
				RedisSentinels.class);
		sentinels.repair();
		return sentinels;
	}

	private static Store classStore(ExtensionContext context) {
		ExtensionContext found = context;
		while (found.getParent().filter((parent) -> parent.getTestClass().isPresent()).isPresent()) {
			found = found.getParent().get();
		}
		return found.getStore(NAMESPACE);
	}

}
