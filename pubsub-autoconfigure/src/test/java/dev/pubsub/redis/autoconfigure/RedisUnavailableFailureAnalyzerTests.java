package dev.pubsub.redis.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

class RedisUnavailableFailureAnalyzerTests {

	@Test
	void saysWhatHelpsAgainstTheFailure() {
		RedisUnavailableException failure = new RedisUnavailableException(
				"Not connected to Redis at localhost:6379: WRONGPASS", "Check user and password.", null);

		FailureAnalysis analysis = new RedisUnavailableFailureAnalyzer().analyze(failure);

		assertThat(analysis.getDescription()).isEqualTo("Not connected to Redis at localhost:6379: WRONGPASS.");
		assertThat(analysis.getAction()).startsWith("Check user and password. Or set pubsub.redis.startup to wait");
	}

}
