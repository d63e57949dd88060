package dev.pubsub.redis.producer;

import java.util.List;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when messages were not, or perhaps not, published. Says for each of them what is
 * known, and gives back those that can be published again without a risk.
 *
 * @since 0.1.0
 */
public class PublishException extends PubSubException {

	private final transient List<PublishResult> results;

	private final transient ProducerSession retryable;

	/**
	 * Create an exception.
	 * @param message what happened
	 * @param results one result per message, in the order of the messages
	 * @param retryable the rejected messages, not sent yet
	 * @param cause the first failure
	 */
	public PublishException(String message, List<PublishResult> results, ProducerSession retryable,
			@Nullable Throwable cause) {
		super(message, cause);
		this.results = List.copyOf(results);
		this.retryable = retryable;
	}

	/**
	 * Return what became of each message, in the order in which they were added.
	 * @return one result per message
	 */
	public List<PublishResult> results() {
		return this.results;
	}

	/**
	 * Return the rejected messages: Redis does not have them, so that committing them
	 * duplicates nothing. Those whose status is {@link PublishResult.Status#UNKNOWN} are
	 * left out; they stay in the session that failed.
	 * @return a session of its own, of whichever thread uses it first
	 */
	public ProducerSession retryable() {
		return this.retryable;
	}

}
