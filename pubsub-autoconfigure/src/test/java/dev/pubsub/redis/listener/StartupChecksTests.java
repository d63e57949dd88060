package dev.pubsub.redis.listener;

import java.util.Map;

import dev.pubsub.redis.internal.redis.ServerSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class StartupChecksTests {

	@ParameterizedTest
	@CsvSource({ "5.0.14, true", "6.0.16, true", "6.2.0, false", "7.0.15, false", "8.6.3, false", "255.255.255, false",
			"unknown, false" })
	void warnsOfServersThatAreTooOld(String version, boolean tooOld) {
		assertThat(StartupChecks.findings(new ServerSettings(Map.of("redis_version", version)))
			.stream()
			.anyMatch((finding) -> finding.contains("too old"))).isEqualTo(tooOld);
	}

	@ParameterizedTest
	@CsvSource({ "7.0.15, false", "7.2.0, true", "8.6.2, true", "8.6.3, false" })
	void warnsOfServersWithAKnownWeakness(String version, boolean vulnerable) {
		assertThat(StartupChecks.findings(new ServerSettings(Map.of("redis_version", version)))
			.stream()
			.anyMatch((finding) -> finding.contains("CVE"))).isEqualTo(vulnerable);
	}

}
