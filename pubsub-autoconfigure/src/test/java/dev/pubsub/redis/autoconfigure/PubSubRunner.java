package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.test.TestRedis;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/**
 * Runs the application "billing", which publishes and listens.
 */
final class PubSubRunner {

	private PubSubRunner() {
	}

	static ApplicationContextRunner on(TestRedis redis) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					ValidationAutoConfiguration.class, PubSubAutoConfiguration.class,
					PubSubSessionAutoConfiguration.class, PubSubProducerAutoConfiguration.class,
					PubSubListenerAutoConfiguration.class, PubSubOperationsAutoConfiguration.class))
			.withPropertyValues(redis.applicationProperties())
			.withPropertyValues("spring.application.name=billing", "pubsub.redis.block=200ms");
	}

}
