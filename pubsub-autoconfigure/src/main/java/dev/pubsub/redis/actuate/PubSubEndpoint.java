package dev.pubsub.redis.actuate;

import dev.pubsub.redis.operations.Page;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Endpoint that shows subscriptions, streams, dead letters and cron jobs, and acts on
 * them. To write needs {@code management.endpoint.pubsub.access=unrestricted}. What else
 * it does over HTTP and JMX is in {@link PubSubEndpointWebExtension} and
 * {@link PubSubEndpointJmxExtension}.
 *
 * @since 0.1.0
 */
@Endpoint(id = "pubsub", defaultAccess = Access.READ_ONLY)
public class PubSubEndpoint {

	private final PubSubOperations operations;

	public PubSubEndpoint(PubSubOperations operations) {
		this.operations = operations;
	}

	/**
	 * Return the subscriptions.
	 * @param limit most of them, 1 to 200; 50 by default
	 * @param after the {@code next} of the page before
	 * @return a page of subscriptions
	 */
	@ReadOperation
	public Page<SubscriptionStatus> subscriptions(@Nullable String limit, @Nullable String after) {
		return this.operations.subscriptions().list(Inputs.page(limit, after));
	}

}
