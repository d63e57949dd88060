package dev.pubsub.redis.metrics;

import dev.pubsub.redis.listener.Subscription;
import io.micrometer.core.instrument.Tags;

/**
 * Tags of meters, named as OpenTelemetry names the attributes of messaging.
 */
final class MessagingTags {

	static final String SYSTEM = "messaging.system";

	static final String REDIS = "redis";

	static final String STREAM = "messaging.destination.name";

	static final String GROUP = "messaging.consumer.group.name";

	static final String SUBSCRIPTION = "subscription";

	private MessagingTags() {
	}

	static Tags ofStream(String stream) {
		return Tags.of(SYSTEM, REDIS, STREAM, stream);
	}

	static Tags of(Subscription subscription) {
		return of(subscription.id(), subscription.stream(), subscription.group());
	}

	/**
	 * Return the tags of a subscription.
	 * @param id its id, which is that of its container
	 */
	static Tags of(String id, String stream, String group) {
		return ofStream(stream).and(GROUP, group, SUBSCRIPTION, id);
	}

}
