package dev.pubsub.redis.operations;

import java.util.List;

import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What one application has: a registry, a scheduler, and operations over both.
 */
final class OperationsFixture implements AutoCloseable {

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	final StreamListenerContainerRegistry registry;

	final CronScheduler scheduler;

	final OperationsBuilder builder;

	private PubSubOperations operations;

	OperationsFixture(LettuceConnectionFactory factory) {
		this.connections = StreamConnections.to(factory, this.threads);
		this.registry = StreamListenerContainerRegistry.builder(this.connections).build();
		this.scheduler = CronScheduler.builder(this.connections).build();
		this.builder = PubSubOperations.builder(this.connections, this.registry)
			.cronSchedulers(List.of(this.scheduler));
		this.operations = this.builder.build();
		this.registry.start();
		this.scheduler.start();
	}

	/**
	 * Build the operations again, with what was set meanwhile.
	 */
	void rebuild() {
		this.operations.close();
		this.operations = this.builder.build();
	}

	StreamListenerContainer start(Subscription subscription) {
		return this.registry.register(subscription, "test");
	}

	SubscriptionOperations subscriptions() {
		return this.operations.subscriptions();
	}

	StreamOperations streams() {
		return this.operations.streams();
	}

	DeadLetterOperations deadLetters() {
		return this.operations.deadLetters();
	}

	CronOperations cron() {
		return this.operations.cron();
	}

	@Override
	public void close() {
		this.operations.close();
		this.scheduler.close();
		this.registry.close();
		this.connections.close();
		this.threads.close();
	}

}
