package dev.pubsub.redis.listener;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.internal.redis.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Checks the keys of a subscription, before anything is read.
 */
final class SubscriptionKeys {

	private static final String OTHER_DEAD_LETTERS = "Name another stream, or leave 'deadLetter' out for the stream's"
			+ " own name with a suffix.";

	private SubscriptionKeys() {
	}

	/**
	 * Fail if the subscription cannot work.
	 * @param subscription the subscription
	 * @param names what the server can use
	 * @param declaredBy where it was declared
	 */
	static void require(Subscription subscription, StreamNames names, String declaredBy) {
		String stream = subscription.stream();
		String deadLetters = subscription.deadLetters().target(stream);
		refuse(names.refusal(stream), StreamNames.CURE, declaredBy);
		if (subscription.options().partitions() > 0) {
			refuse(PartitionLayout.refusal(stream), "Name the stream without braces, or configure no partitions.",
					declaredBy);
			refuse((subscription.deadLetters().stream() != null && deadLetters != null)
					? "'deadLetter' names one stream, and each partition of stream \"" + stream
							+ "\" needs dead letters of its own"
					: null, "Leave 'deadLetter' out for the partitions' own names with a suffix.", declaredBy);
		}
		if (deadLetters != null) {
			refuse(stream.equals(deadLetters)
					? "the dead letters of stream \"" + stream + "\" would go to the stream itself, for ever" : null,
					OTHER_DEAD_LETTERS, declaredBy);
			String refusal = names.refusal(stream, deadLetters);
			refuse((refusal != null) ? "its dead-letter stream " + refusal : null, OTHER_DEAD_LETTERS, declaredBy);
		}
	}

	private static void refuse(@Nullable String reason, String action, String declaredBy) {
		if (reason != null) {
			throw new InvalidSubscriptionException(declaredBy, reason, action);
		}
	}

}
