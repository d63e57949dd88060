package dev.pubsub.redis.listener;

import java.util.Collection;
import java.util.Optional;

import dev.pubsub.redis.DuplicateSubscriptionException;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.redis.ConnectionSource;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * All listener containers of the application, by id. Containers are no beans; this is
 * where to find, start, pause and stop them. While it runs and has any it keeps the JVM
 * alive. Thread-safe.
 *
 * @since 0.1.0
 */
public interface StreamListenerContainerRegistry extends SmartLifecycle, AutoCloseable {

	/**
	 * Return a builder of a registry with connections and platform threads of its own.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the builder
	 */
	static RegistryBuilder builder(LettuceConnectionFactory connectionFactory) {
		return new RegistryBuilder(ConnectionSource.of(connectionFactory));
	}

	/**
	 * Return a builder of a registry over connections and threads that others share.
	 * @param connections the connections; the registry does not close them
	 * @return the builder
	 */
	static RegistryBuilder builder(SharedConnections connections) {
		return new RegistryBuilder(ConnectionSource.of(connections));
	}

	/**
	 * Add a container for the given subscription. It starts with the registry, or at once
	 * when the registry runs already, unless it has no automatic startup.
	 * @param subscription what to do
	 * @param declaredBy where it was declared, for messages
	 * @return the container
	 * @throws DuplicateSubscriptionException if the stream is subscribed in that group
	 * already
	 * @throws InvalidSubscriptionException if another container has its id
	 */
	StreamListenerContainer register(Subscription subscription, String declaredBy);

	/**
	 * Return a container.
	 * @param id id of its subscription
	 * @return the container, if there is one
	 */
	Optional<StreamListenerContainer> getContainer(String id);

	Collection<StreamListenerContainer> getContainers();

	/**
	 * Start one container; the others are not touched.
	 * @param id id of its subscription
	 */
	default void start(String id) {
		require(id).start();
	}

	/**
	 * Stop one container and wait until it is stopped, unless a handler of that container
	 * calls: see {@link StreamListenerContainer#stop()}.
	 * @param id id of its subscription
	 */
	default void stop(String id) {
		require(id).stop();
	}

	default void pause(String id) {
		require(id).pause();
	}

	default void resume(String id) {
		require(id).resume();
	}

	/**
	 * Pause all containers that are running.
	 */
	void pause();

	/**
	 * Resume all containers that are paused.
	 */
	void resume();

	/**
	 * Stop for good, and close the connections unless others share them.
	 */
	@Override
	default void close() {
		stop();
	}

	private StreamListenerContainer require(String id) {
		return getContainer(id).orElseThrow(() -> new IllegalArgumentException("There is no container \"" + id + "\""));
	}

}
