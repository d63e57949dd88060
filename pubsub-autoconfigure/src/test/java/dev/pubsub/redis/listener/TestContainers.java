package dev.pubsub.redis.listener;

import dev.pubsub.redis.internal.delivery.DeliveryRuntime;
import dev.pubsub.redis.internal.delivery.DeliverySettings;

/**
 * Containers and settings for tests of the engine, which lives in another package.
 */
public final class TestContainers {

	private TestContainers() {
	}

	public static StreamListenerContainer create(Subscription subscription, DeliveryRuntime runtime) {
		return new DefaultStreamListenerContainer(subscription, new ListenerRuntime(runtime, null, (event) -> {
		}));
	}

	public static DeliverySettings settings(Subscription subscription) {
		return subscription.deliverySettings(subscription.stream());
	}

}
