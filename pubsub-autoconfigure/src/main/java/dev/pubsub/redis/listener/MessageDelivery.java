package dev.pubsub.redis.listener;

import java.time.Duration;

import dev.pubsub.redis.Delivery;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Delivery of a message in flight. Its id is made when it is first used, since few
 * handlers do. Thread-safe: threads that race make the same id.
 */
final class MessageDelivery implements Delivery {

	private final InFlightMessage message;

	private final Subscription subscription;

	private final String consumer;

	private @Nullable RecordId id;

	MessageDelivery(InFlightMessage message, Subscription subscription, String consumer) {
		this.message = message;
		this.subscription = subscription;
		this.consumer = consumer;
	}

	@Override
	public RecordId id() {
		RecordId known = this.id;
		if (known == null) {
			known = this.message.id().toRecordId();
			this.id = known;
		}
		return known;
	}

	@Override
	public String stream() {
		return this.subscription.stream();
	}

	@Override
	public String group() {
		return this.subscription.group();
	}

	@Override
	public String consumer() {
		return this.consumer;
	}

	@Override
	public int attempt() {
		return this.message.attempt();
	}

	@Override
	public Duration idle() {
		return this.message.idle();
	}

}
