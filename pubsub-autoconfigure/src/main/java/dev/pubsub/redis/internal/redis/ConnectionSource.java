package dev.pubsub.redis.internal.redis;

import java.util.function.Function;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * Where a builder takes its connections from: those that others share, or its own, which
 * go with what it builds. Immutable.
 */
public final class ConnectionSource {

	private final Function<KeyPrefix, Lease> opening;

	private final KeyPrefix prefix;

	private ConnectionSource(Function<KeyPrefix, Lease> opening, KeyPrefix prefix) {
		this.opening = opening;
		this.prefix = prefix;
	}

	/**
	 * Return a source of connections that others share, and close.
	 * @param shared the connections
	 * @return the source
	 */
	public static ConnectionSource of(SharedConnections shared) {
		Assert.isInstanceOf(StreamConnections.class, shared, "'shared' must be those of the engine");
		return new ConnectionSource((prefix) -> {
			Assert.state(prefix.isEmpty(), "'keyPrefix' belongs to the connections, which others share");
			return new Lease((StreamConnections) shared, () -> {
			});
		}, KeyPrefix.NONE);
	}

	/**
	 * Return a source of connections of one's own, with platform threads.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the source
	 */
	public static ConnectionSource of(LettuceConnectionFactory connectionFactory) {
		Assert.notNull(connectionFactory, "'connectionFactory' must not be null");
		return new ConnectionSource((prefix) -> {
			BackgroundThreads threads = BackgroundThreads.platform();
			StreamConnections connections = StreamConnections.to(connectionFactory, threads, prefix);
			return new Lease(connections, () -> {
				connections.close();
				threads.close();
			});
		}, KeyPrefix.NONE);
	}

	/**
	 * Return a copy that opens connections with a prefix for all keys.
	 * @param keyPrefix the prefix, empty for none
	 * @return the copy
	 */
	public ConnectionSource withKeyPrefix(String keyPrefix) {
		return new ConnectionSource(this.opening, KeyPrefix.of(keyPrefix));
	}

	/**
	 * Return connections to use.
	 * @return the connections; whoever uses them closes them
	 */
	public Lease open() {
		return this.opening.apply(this.prefix);
	}

	/**
	 * Connections and how to close them.
	 *
	 * @param connections the connections
	 * @param closing closes them unless others share them
	 */
	public record Lease(StreamConnections connections, Runnable closing) implements AutoCloseable {

		/**
		 * Return the threads that belong to the connections.
		 * @return the threads
		 */
		public BackgroundThreads threads() {
			return this.connections.threads();
		}

		@Override
		public void close() {
			this.closing.run();
		}

	}

}
