package dev.pubsub.redis;

import java.time.Duration;
import java.util.OptionalLong;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * How a message reached its handler. The engine makes them; {@link #of} is for tests of
 * handlers. Later versions may add methods with a default.
 *
 * @since 0.1.0
 */
public interface Delivery {

	/**
	 * Return the first delivery of an entry.
	 * @param id id of the entry
	 * @param stream stream it was read from
	 * @param group consumer group it was delivered to
	 * @param consumer name of the consumer in that group
	 * @return the delivery, attempt 1
	 */
	static Delivery of(RecordId id, String stream, String group, String consumer) {
		return new FirstDelivery(id, stream, group, consumer);
	}

	/**
	 * Return the id of the entry.
	 * @return its id in the stream
	 */
	RecordId id();

	/**
	 * Return the stream that the entry was read from.
	 * @return name of the stream
	 */
	String stream();

	/**
	 * Return the consumer group that the entry was delivered to.
	 * @return name of the group
	 */
	String group();

	/**
	 * Return the consumer that the entry was delivered to.
	 * @return name of the consumer in its group
	 */
	String consumer();

	/**
	 * Return the token of the consumer where it owns the stream, as it does for a
	 * subscription that is ordered. A later owner has a greater one: a system that keeps
	 * the greatest it has seen can refuse what an owner sends that has lost the stream.
	 * @return the token, empty for a subscription that is not ordered
	 */
	default OptionalLong token() {
		return OptionalLong.empty();
	}

	/**
	 * Return the number of this attempt.
	 * @return 1 for the first
	 */
	int attempt();

	/**
	 * Return how long the message had been waiting since its previous delivery.
	 * @return zero for the first
	 */
	Duration idle();

}
