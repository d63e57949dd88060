package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.annotation.StreamSubscribe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UnusedSettingsTests {

	private static final String WARNING = "No listener uses";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class, PubSubListenerAutoConfiguration.class))
		.withPropertyValues("pubsub.redis.url=redis://localhost:1");

	@Test
	void areNamedBesideTheStreamsThatAreSubscribed(CapturedOutput output) {
		this.runner.withUserConfiguration(Listener.class)
			.withPropertyValues("pubsub.redis.streams.p.cfg.threads=3", "pubsub.redis.streams[q.eu].threads=3")
			.run((context) -> assertThat(output).containsOnlyOnce(WARNING)
				.contains("No listener uses pubsub.redis.streams.p.cfg.threads, pubsub.redis.streams[q.eu].threads:"
						+ " the streams that are subscribed here are p.cfg, plain."));
	}

	@Test
	void settingsThatAreUsedAreNotNamed(CapturedOutput output) {
		this.runner.withUserConfiguration(Listener.class)
			.withPropertyValues("pubsub.redis.streams[p.cfg].threads=3", "pubsub.redis.streams.plain.threads=3")
			.run((context) -> assertThat(output).doesNotContain(WARNING));
	}

	@Test
	void nothingIsSaidWhereNothingIsSubscribed(CapturedOutput output) {
		this.runner.withPropertyValues("pubsub.redis.streams.p.threads=3")
			.run((context) -> assertThat(output).doesNotContain(WARNING));
	}

	@Test
	void partitionsAreForPublishingToo(CapturedOutput output) {
		this.runner.withUserConfiguration(Listener.class)
			.withPropertyValues("pubsub.redis.streams.audit.partitions=4")
			.run((context) -> assertThat(output).doesNotContain(WARNING));
	}

	static class Listener {

		@StreamSubscribe(stream = "p.cfg", autoStartup = "false")
		void configured(String payload) {
		}

		@StreamSubscribe(stream = "plain", autoStartup = "false")
		void plain(String payload) {
		}

	}

}
