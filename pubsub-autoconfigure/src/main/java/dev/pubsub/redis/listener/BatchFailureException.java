package dev.pubsub.redis.listener;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.PubSubException;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Thrown by a handler of batches to say which messages failed. The others count as
 * handled.
 *
 * @since 0.1.0
 */
public class BatchFailureException extends PubSubException {

	private final transient Map<RecordId, Throwable> failures;

	/**
	 * Create a failure of the given messages.
	 * @param failures why each failed, by the id of the message
	 */
	public BatchFailureException(Map<RecordId, ? extends Throwable> failures) {
		super(failures.size() + " messages of the batch failed");
		this.failures = Map.copyOf(new LinkedHashMap<>(failures));
	}

	/**
	 * Create a failure of one message.
	 * @param id id of the message
	 * @param cause why it failed
	 */
	public BatchFailureException(RecordId id, Throwable cause) {
		this(Map.of(id, cause));
	}

	public Map<RecordId, Throwable> getFailures() {
		return this.failures;
	}

}
