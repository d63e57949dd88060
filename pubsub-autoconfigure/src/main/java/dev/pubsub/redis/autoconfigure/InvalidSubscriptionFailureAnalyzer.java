package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.InvalidSubscriptionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Says which method and which attribute of a subscription are wrong. It comes before
 * those of Spring Boot, which know what the cause is but not where.
 */
@Order(0)
class InvalidSubscriptionFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSubscriptionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSubscriptionException cause) {
		String description = "Invalid @StreamSubscribe on %s: %s.".formatted(cause.getLocation(), cause.getReason());
		return new FailureAnalysis(description, cause.getAction(), cause);
	}

}
