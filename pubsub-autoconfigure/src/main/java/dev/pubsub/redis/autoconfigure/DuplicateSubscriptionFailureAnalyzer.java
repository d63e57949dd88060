package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.DuplicateSubscriptionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which two methods subscribe the same stream in the same group.
 */
class DuplicateSubscriptionFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateSubscriptionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateSubscriptionException cause) {
		String description = "Stream \"%s\" is subscribed twice in group \"%s\": %s and %s."
			.formatted(cause.getStream(), cause.getGroup(), cause.getFirst(), cause.getSecond());
		return new FailureAnalysis(description,
				"Remove one of the two, or set 'group' on one of them, so that each group gets every message.", cause);
	}

}
