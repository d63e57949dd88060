package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * Where a builder takes its connections from: those that others share, or its own, which
 * go with what it builds.
 */
@FunctionalInterface
public interface ConnectionSource {

	/**
	 * Return connections to use.
	 * @return the connections; whoever uses them closes them
	 */
	Lease open();

	/**
	 * Return a source of connections that others share, and close.
	 * @param shared the connections
	 * @return the source
	 */
	static ConnectionSource of(SharedConnections shared) {
		Assert.isInstanceOf(StreamConnections.class, shared, "'shared' must be those of the engine");
		return () -> new Lease((StreamConnections) shared, () -> {
		});
	}

	/**
	 * Return a source of connections of one's own, with platform threads.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the source
	 */
	static ConnectionSource of(LettuceConnectionFactory connectionFactory) {
		Assert.notNull(connectionFactory, "'connectionFactory' must not be null");
		return () -> {
			BackgroundThreads threads = BackgroundThreads.platform();
			StreamConnections connections = StreamConnections.to(connectionFactory, threads);
			return new Lease(connections, () -> {
				connections.close();
				threads.close();
			});
		};
	}

	/**
	 * Connections and how to close them.
	 *
	 * @param connections the connections
	 * @param closing closes them unless others share them
	 */
	record Lease(StreamConnections connections, Runnable closing) implements AutoCloseable {

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
