package dev.pubsub.redis.operations;

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
public interface PubSubOperations {

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

}
