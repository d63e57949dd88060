package dev.pubsub.redis.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what an address of Redis looks like.
 */
class InvalidUrlFailureAnalyzer extends AbstractFailureAnalyzer<InvalidUrlException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidUrlException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Set pubsub.redis.url to an address such as redis://localhost:6379 or "
						+ "rediss://user:password@host:6379/0, and write special characters of the password as %XX "
						+ "(/ as %2F, @ as %40).",
				cause);
	}

}
