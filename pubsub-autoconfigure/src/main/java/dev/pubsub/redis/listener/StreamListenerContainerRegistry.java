package dev.pubsub.redis.listener;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

import dev.pubsub.redis.DuplicateSubscriptionException;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.observe.StreamObserver;

import org.springframework.context.SmartLifecycle;

/**
 * All listener containers of the application, by id. Containers are no beans; this is
 * where to find, start, pause and stop them. While it runs and has any it keeps the JVM
 * alive. Thread-safe.
 *
 * @since 0.1.0
 */
public interface StreamListenerContainerRegistry extends SmartLifecycle {

	/**
	 * Return an empty registry.
	 * @param connections opens the connections of the containers
	 * @param threads threads of loops and handlers; the caller closes both after the
	 * registry was stopped
	 * @param observer is told what happens to messages
	 * @param events is told what happens to containers, in order per container, on the
	 * thread that changed the state or a background thread, and never on the driver's;
	 * while it blocks nothing else of that container is told
	 * @return the registry, not running
	 */
	static StreamListenerContainerRegistry create(StreamConnections connections, BackgroundThreads threads,
			StreamObserver observer, Consumer<ContainerEvent> events) {
		return new DefaultStreamListenerContainerRegistry(ListenerRuntime.of(connections, threads, observer, events));
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
	void start(String id);

	/**
	 * Stop one container and wait until it is stopped, unless a handler of that container
	 * calls: see {@link StreamListenerContainer#stop()}.
	 * @param id id of its subscription
	 */
	void stop(String id);

	void pause(String id);

	void resume(String id);

	/**
	 * Pause all containers that are running.
	 */
	void pause();

	/**
	 * Resume all containers that are paused.
	 */
	void resume();

}
