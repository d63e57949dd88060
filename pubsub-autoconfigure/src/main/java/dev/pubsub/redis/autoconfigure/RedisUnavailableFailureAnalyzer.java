package dev.pubsub.redis.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do when Redis is down at startup.
 */
class RedisUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<RedisUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RedisUnavailableException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				cause.cure() + " Or set pubsub.redis.startup to wait: the application then starts without Redis and "
						+ "connects as soon as it is there.",
				cause);
	}

}
