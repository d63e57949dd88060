package dev.pubsub.redis.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ApplicationListener;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SpringBootVersionCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "2.7.18", "3.0.0", "3.5.14", "3.5.15-SNAPSHOT" })
	void refusesWhatIsTooOld(String version) {
		UnsupportedSpringBootException refusal = catchThrowableOfType(UnsupportedSpringBootException.class,
				() -> new SpringBootVersionCheck(version).check());

		FailureAnalysis analysis = new UnsupportedSpringBootFailureAnalyzer().analyze(refusal);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo(
				"Messaging on Redis Streams (pubsub) needs Spring Boot 4.0 or later, and this is " + version + ".");
		assertThat(analysis.getAction()).startsWith("Upgrade the application to Spring Boot 4");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "4.0.0", "4.1.1", "4.2.0-M1", "5.0.0", "10.0.0", "unknown", "" })
	void takesAnythingElse(String version) {
		assertThatCode(() -> new SpringBootVersionCheck(version).check()).doesNotThrowAnyException();
	}

	@Test
	void isFoundByTheNamesThatSpringBoot3Uses() {
		SpringFactoriesLoader factories = SpringFactoriesLoader.forDefaultResourceLocation();

		List<?> listeners = factories.load(ApplicationListener.class);
		List<FailureAnalyzer> analyzers = factories.load(FailureAnalyzer.class,
				SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {
				}));
		assertThat(listeners).hasAtLeastOneElementOfType(SpringBootVersionCheck.class);
		assertThat(analyzers).hasAtLeastOneElementOfType(UnsupportedSpringBootFailureAnalyzer.class);
	}

}
