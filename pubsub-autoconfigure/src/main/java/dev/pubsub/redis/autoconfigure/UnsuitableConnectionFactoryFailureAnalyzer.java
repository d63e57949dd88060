package dev.pubsub.redis.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do about a connection factory that cannot serve streams.
 */
class UnsuitableConnectionFactoryFailureAnalyzer extends AbstractFailureAnalyzer<UnsuitableConnectionFactoryException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsuitableConnectionFactoryException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.getAction(), cause);
	}

}
