package dev.pubsub.redis.listener;

import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.delivery.DeliveryRuntime;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamNames;
import dev.pubsub.redis.observe.StreamObserver;

/**
 * What all containers share.
 *
 * @param delivery what their consumers share
 * @param names which names streams may have
 * @param events is told what happens to containers
 */
record ListenerRuntime(DeliveryRuntime delivery, StreamNames names, Consumer<ContainerEvent> events) {

	static ListenerRuntime of(StreamConnections connections, BackgroundThreads threads, StreamObserver observer,
			Consumer<ContainerEvent> events) {
		return new ListenerRuntime(DeliveryRuntime.of(connections, threads, observer), connections.names(), events);
	}

	BackgroundThreads threads() {
		return this.delivery.threads();
	}

}
