package dev.pubsub.redis.listener;

import java.util.function.Consumer;

import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.observe.StreamObserver;

/**
 * Puts a {@link StreamListenerContainerRegistry} together, see
 * {@link StreamListenerContainerRegistry#builder(org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory)}.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistryBuilder {

	private ConnectionSource source;

	private StreamObserver observer = StreamObserver.NONE;

	private Consumer<ContainerEvent> events = (event) -> {
	};

	RegistryBuilder(ConnectionSource source) {
		this.source = source;
	}

	/**
	 * Set who is told what happens to messages. Default is nobody.
	 * @param observer the observer
	 * @return this builder
	 */
	public RegistryBuilder observer(StreamObserver observer) {
		this.observer = observer;
		return this;
	}

	/**
	 * Set who is told what happens to containers, in order per container, on the thread
	 * that changed the state or a background thread, and never on the driver's. While it
	 * blocks nothing else of that container is told. Default is nobody.
	 * @param events takes the events
	 * @return this builder
	 */
	public RegistryBuilder events(Consumer<ContainerEvent> events) {
		this.events = events;
		return this;
	}

	/**
	 * Set what all keys in Redis start with, so that several environments can share a
	 * server. Names in messages, events and meters are without it. Default is nothing.
	 * @param keyPrefix the prefix, such as {@code staging:}, at most 128 characters and
	 * no brace, space or control character
	 * @return this builder
	 * @throws IllegalStateException when it is built over shared connections, which have
	 * a prefix of their own
	 */
	public RegistryBuilder keyPrefix(String keyPrefix) {
		this.source = this.source.withKeyPrefix(keyPrefix);
		return this;
	}

	/**
	 * Build the registry.
	 * @return the registry, empty and not running; the caller closes it
	 */
	public StreamListenerContainerRegistry build() {
		ConnectionSource.Lease connections = this.source.open();
		ListenerRuntime runtime = ListenerRuntime.of(connections.connections(), connections.threads(), this.observer,
				this.events);
		return new DefaultStreamListenerContainerRegistry(runtime, connections);
	}

}
