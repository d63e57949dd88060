package dev.pubsub.redis.operations;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

/**
 * All that can be looked at and done in production. What concerns Redis waits for its
 * answer, for a few seconds at most. Thread-safe.
 * <p>
 * All methods throw {@link OperationException}, which says in a sentence what is wrong:
 * bad input, something unknown, a state that forbids it, or Redis that does not answer.
 * Lists come in pages, see {@link PageRequest}. Only streams that this application
 * subscribes to, has cron jobs for, or has settings of are shown, and their dead letters.
 *
 * @since 0.1.0
 */
public interface PubSubOperations extends AutoCloseable {

	/**
	 * Return a builder of operations over connections that others share.
	 * @param connections the connections; the operations do not close them
	 * @param containers the containers of the application
	 * @return the builder
	 */
	static OperationsBuilder builder(SharedConnections connections, StreamListenerContainerRegistry containers) {
		return new OperationsBuilder(connections, containers);
	}

	/**
	 * Return what can be done with the subscriptions of this application.
	 * @return the operations
	 */
	SubscriptionOperations subscriptions();

	/**
	 * Return what can be done with streams, groups, consumers and messages.
	 * @return the operations
	 */
	StreamOperations streams();

	/**
	 * Return what can be done with dead letters.
	 * @return the operations
	 */
	DeadLetterOperations deadLetters();

	/**
	 * Return what can be done with the cron jobs of this application.
	 * @return the operations
	 */
	CronOperations cron();

	/**
	 * End what is under way, and close the connections.
	 */
	@Override
	void close();

}
