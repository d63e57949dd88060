package dev.pubsub.redis.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that are misspelled.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownSettingsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
		.withPropertyValues("pubsub.redis.url=redis://localhost:1");

	@ParameterizedTest
	@CsvSource({ "retrycout, retry-count", "retry-cuont, retry-count", "streams.orders.thread, streams.orders.threads",
			"streams[orders:eu].thread, streams[orders:eu].threads", "producer.maxlen, producer.max-length",
			"produser.max-length, producer.max-length", "dead-letters.suffix, dead-letter.suffix",
			"streams.orders.backof.delay, streams.orders.backoff.delay", "lease.time, lease",
			"streams.orders.producer, " })
	void areRefusedWithTheNearestName(String written, String meant) {
		with("pubsub.redis." + written).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("Property: pubsub.redis." + written);
			if (meant != null && !written.startsWith(meant)) {
				assertThat(analysis.getDescription()).contains("Did you mean: pubsub.redis." + meant + "\n");
			}
			assertThat(analysis.getAction()).contains("Correct the names");
		});
	}

	@Test
	void areAllNamedWithFileAndLineButNotTheirValues() throws Exception {
		byte[] file = "pubsub.redis.threads=3\npubsub.redis.urll=redis://user:geheim@host\npubsub.redis.leese=1s\n"
			.getBytes();
		PropertySource<?> source = new PropertiesPropertySourceLoader()
			.load("file", new ByteArrayResource(file, "application.properties"))
			.get(0);
		this.runner.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(source))
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("pubsub.redis.urll", "application.properties] - 2:19", "pubsub.redis.leese",
						"application.properties] - 3:20", "Did you mean: pubsub.redis.lease")
				.doesNotContain("geheim", "pubsub.redis.threads"));
	}

	@Test
	void namesThatAreNearNothingAreRefusedWithThoseThatThereAre() {
		this.runner.withPropertyValues("pubsub.redis.consumer.xyz=1")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("Possible here: enabled"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "retryCount", "retry_count", "RETRYCOUNT", "timeout-second", "streams.orders.retryCount",
			"streams[orders:eu].threads", "streams[a.b].backoff.delay", "streams[ü ö/{x}].lease", "streams.a.b.threads",
			"streams.a.b.backoff.delay", "producer.maxLength" })
	void everySpellingOfASettingIsAccepted(String property) {
		with("pubsub.redis." + property).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void ofEnvironmentVariablesThereIsOnlyAWarning(CapturedOutput output) {
		Map<String, Object> variables = Map.of("PUBSUB_REDIS_SERVICE_HOST", "10.0.0.1", "PUBSUB_REDIS_RETRYCOUT", "3",
				"PUBSUB_REDIS_RETRY_COUNT", "3", "PUBSUB_REDIS_READCOUNT", "3",
				"PUBSUB_REDIS_STREAMS_ORDERS_RETRYCOUNT", "3");
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables)))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output)
					.containsOnlyOnce("Ignoring environment variables or mounted files that are no settings")
					.contains("\"PUBSUB_REDIS_RETRYCOUT\"", "(did you mean pubsub.redis.retry-count?)",
							"\"PUBSUB_REDIS_SERVICE_HOST\"")
					.doesNotContain("PUBSUB_REDIS_RETRY_COUNT\"", "PUBSUB_REDIS_READCOUNT\"",
							"PUBSUB_REDIS_STREAMS_ORDERS_RETRYCOUNT\"");
			});
	}

	@Test
	void ofMountedFilesThereIsOnlyAWarning(CapturedOutput output, @TempDir Path secret) throws Exception {
		Path directory = Files.createDirectories(secret.resolve("pubsub/redis"));
		Files.writeString(directory.resolve("retry-count"), "3");
		Files.writeString(directory.resolve("ca.crt"), "geheim");
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new ConfigTreePropertySource("secret", secret)))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(PubSubProperties.class).retryCount()).isEqualTo(3);
				assertThat(output).contains("mounted files that are no settings", "ca.crt").doesNotContain("geheim");
			});
	}

	private ApplicationContextRunner with(String property) {
		return this.runner.withInitializer((context) -> TestPropertyValues.of(Map.of(property, "3")).applyTo(context));
	}

	private static FailureAnalysis analysis(Throwable failure) {
		return new UnknownSettingFailureAnalyzer().analyze(failure);
	}

}
