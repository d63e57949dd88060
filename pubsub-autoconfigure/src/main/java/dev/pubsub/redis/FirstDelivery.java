package dev.pubsub.redis;

import java.time.Duration;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * The first delivery of an entry.
 *
 * @param id id of the entry
 * @param stream stream it was read from
 * @param group consumer group it was delivered to
 * @param consumer name of the consumer
 */
record FirstDelivery(RecordId id, String stream, String group, String consumer) implements Delivery {

	@Override
	public int attempt() {
		return 1;
	}

	@Override
	public Duration idle() {
		return Duration.ZERO;
	}

}
