package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.function.Consumer;

import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.TestRedis;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads the meters of an application with one thread, on a server of its own.
 */
abstract class MetersTest {

	static final String STREAM = "orders";

	static final Duration PATIENCE = Duration.ofSeconds(20);

	final RedisServerProcess server = RedisServerProcess.start();

	final TestRedis redis = this.server.redis();

	private final Class<?> application;

	private final String[] properties;

	/**
	 * Create a test.
	 * @param application has the handlers
	 * @param properties of each run
	 */
	MetersTest(Class<?> application, String... properties) {
		this.application = application;
		this.properties = properties;
	}

	@AfterEach
	void end() {
		this.server.close();
	}

	/**
	 * Let a handler return that waits.
	 */
	abstract void release(AssertableApplicationContext context);

	void run(Consumer<AssertableApplicationContext> test, String... properties) {
		PubSubRunner.on(this.redis)
			.withConfiguration(AutoConfigurations.of(PubSubMetricsAutoConfiguration.class))
			.withUserConfiguration(this.application)
			.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("pubsub.redis.metrics.interval=1s", "pubsub.redis.threads=1")
			.withPropertyValues(this.properties)
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				try {
					test.accept(context);
				}
				finally {
					release(context);
				}
			});
	}

	RequiredSearch find(AssertableApplicationContext context, String name, String... tags) {
		return context.getBean(MeterRegistry.class).get(name).tag("messaging.system", "redis").tags(tags);
	}

	double gauge(AssertableApplicationContext context, String name, String... tags) {
		return find(context, name, tags).gauge().value();
	}

	void awaitGauge(AssertableApplicationContext context, double value, String name, String... tags) {
		await(name).atMost(PATIENCE).untilAsserted(() -> assertThat(gauge(context, name, tags)).isEqualTo(value));
	}

}
