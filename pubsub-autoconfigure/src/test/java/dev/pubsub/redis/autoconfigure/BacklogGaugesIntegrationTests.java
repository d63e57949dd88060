package dev.pubsub.redis.autoconfigure;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.metrics.BacklogGauges;
import dev.pubsub.redis.monitor.BacklogMonitor;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class BacklogGaugesIntegrationTests {

	private final String stream;

	private final ApplicationContextRunner runner;

	BacklogGaugesIntegrationTests(TestRedis redis) {
		this.stream = redis.key("orders");
		this.runner = PubSubRunner.on(redis)
			.withConfiguration(AutoConfigurations.of(PubSubMetricsAutoConfiguration.class))
			.withUserConfiguration(Slow.class)
			.withPropertyValues("stream=" + this.stream, "pubsub.redis.metrics.interval=1s");
	}

	@Test
	void gaugesShowWhatWaitsForEachSubscription() {
		this.runner.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(RedisStreamProducer.class).publish(this.stream, Map.of("item", "apple"));
			try {
				await().untilAsserted(() -> {
					assertThat(gauge(registry, BacklogGauges.PENDING)).isEqualTo(1);
					assertThat(gauge(registry, BacklogGauges.CONSUMERS)).isEqualTo(1);
					assertThat(gauge(registry, BacklogGauges.LENGTH)).isEqualTo(1);
				});
			}
			finally {
				context.getBean(Slow.class).goOn.countDown();
			}
			await().untilAsserted(() -> assertThat(gauge(registry, BacklogGauges.PENDING)).isZero());
		});
	}

	@Test
	void asksNothingWithoutRegistryOrWhenItShallNot() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(BacklogMonitor.class));
		this.runner.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("pubsub.redis.metrics.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(BacklogMonitor.class));
	}

	@Test
	void tooShortIntervalFailsTheStart() {
		this.runner.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("pubsub.redis.metrics.interval=10ms")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("pubsub.redis.metrics.interval"));
	}

	private double gauge(MeterRegistry registry, String name) {
		return registry.get(name).tag("messaging.destination.name", this.stream).gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Slow {

		final CountDownLatch goOn = new CountDownLatch(1);

		@StreamSubscribe("${stream}")
		void placed(Map<String, String> order) throws InterruptedException {
			this.goOn.await();
		}

	}

}
