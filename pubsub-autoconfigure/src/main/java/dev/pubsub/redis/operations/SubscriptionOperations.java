package dev.pubsub.redis.operations;

/**
 * Looks at and acts on the subscriptions of this application. Thread-safe.
 *
 * @since 0.1.0
 * @see PubSubOperations
 */
public interface SubscriptionOperations {

	/**
	 * Return subscriptions by id. What only Redis knows is missing while it does not
	 * answer, for which this waits two seconds at most; the rest is always there.
	 * @param page which of them
	 * @return the subscriptions
	 */
	Page<SubscriptionStatus> list(PageRequest page);

	/**
	 * Return one subscription, as {@link #list} does.
	 * @param id its id
	 * @return the subscription
	 */
	SubscriptionStatus get(String id);

	/**
	 * Start a subscription that is stopped or failed. Ignored when it runs already.
	 * @param id its id
	 * @return the subscription afterwards
	 */
	SubscriptionStatus start(String id);

	/**
	 * Begin to stop a subscription: its handlers finish, as far as its shutdown timeout
	 * lets them. Waits three seconds at most, so that it may still be stopping.
	 * @param id its id
	 * @return the subscription afterwards
	 */
	SubscriptionStatus stop(String id);

	/**
	 * Pause a subscription: it reads nothing until it is resumed, in this application.
	 * @param id its id
	 * @return the subscription afterwards
	 * @throws OperationException if it is not running
	 */
	SubscriptionStatus pause(String id);

	/**
	 * Resume a subscription. Ignored when it runs already.
	 * @param id its id
	 * @return the subscription afterwards
	 * @throws OperationException if it is stopped or failed
	 */
	SubscriptionStatus resume(String id);

}
