package dev.pubsub.redis.autoconfigure;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.NotConnectedException;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Refuses to start without Redis.
 */
final class StartupCheck implements SmartInitializingSingleton {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final StreamConnections connections;

	StartupCheck(StreamConnections connections) {
		this.connections = connections;
	}

	@Override
	public void afterSingletonsInstantiated() {
		try (RedisLink link = this.connections.open("startup", PATIENCE)) {
			if (!link.awaitConnection(PATIENCE)) {
				NotConnectedException failure = link.notConnected();
				throw new RedisUnavailableException(failure.description(), failure.cure(), failure);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisUnavailableException("Interrupted while connecting to Redis", "Start the application again.",
					ex);
		}
	}

}
