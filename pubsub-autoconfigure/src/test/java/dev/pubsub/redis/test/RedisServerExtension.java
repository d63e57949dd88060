package dev.pubsub.redis.test;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Resolves {@link TestRedis} parameters. All tests of a JVM share one server, which
 * starts with the first of them and stops with the JVM's last; each test has its own key
 * prefix there. {@link RedisChoice} tells which server that is.
 */
public class RedisServerExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(RedisServerExtension.class);

	/** Keeps runs apart that meet on one lasting server. */
	private static final String RUN = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));

	private static final AtomicInteger tests = new AtomicInteger();

	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
		return ExtensionContextScope.TEST_METHOD;
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == TestRedis.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		SharedRedisServer server = context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(SharedRedisServer.class, (type) -> SharedRedisServer.start(), SharedRedisServer.class);
		Connections connections = classStore(context).computeIfAbsent(Connections.class,
				(type) -> new Connections(server.uri(), server.configuration()), Connections.class);
		// The id is part of the key because a store also looks into those of its parents.
		return context.getStore(NAMESPACE)
			.computeIfAbsent(
					"redis " + context.getUniqueId(), (key) -> new TestRedis(server.uri(),
							"t" + RUN + "x" + tests.incrementAndGet() + ":", connections, server.properties()),
					TestRedis.class);
	}

	private static Store classStore(ExtensionContext context) {
		ExtensionContext found = context;
		while (found.getParent().filter((parent) -> parent.getTestClass().isPresent()).isPresent()) {
			found = found.getParent().get();
		}
		return found.getStore(NAMESPACE);
	}

}
