package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletionException;

import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamCommands;
import dev.pubsub.redis.internal.redis.StreamConnections;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.NestedExceptionUtils;

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
				Throwable cause = lastFailure(link);
				Throwable root = (cause != null) ? NestedExceptionUtils.getMostSpecificCause(cause) : null;
				throw new RedisUnavailableException((root != null) ? String.valueOf(root.getMessage())
						: "no connection within " + PATIENCE.toSeconds() + " s", cause);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisUnavailableException("interrupted while connecting", ex);
		}
	}

	/**
	 * A command that cannot be sent tells why.
	 */
	private static @Nullable Throwable lastFailure(RedisLink link) {
		try {
			new StreamCommands(link).length("pubsub").join();
			return null;
		}
		catch (CompletionException ex) {
			return ex.getCause();
		}
	}

}
