package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.InvalidSubscriptionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which method and which attribute of a subscription are wrong.
 */
class InvalidSubscriptionFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSubscriptionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSubscriptionException cause) {
		String description = "Invalid @StreamSubscribe on %s: %s.".formatted(cause.getLocation(), cause.getReason());
		return new FailureAnalysis(description, cause.getAction(), cause);
	}

}
