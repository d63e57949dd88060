package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.metrics.BacklogGauges;
import dev.pubsub.redis.operations.Order;
import dev.pubsub.redis.operations.PageRequest;
import dev.pubsub.redis.operations.Payloads;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.StreamStatus;
import dev.pubsub.redis.operations.SubscriptionStatus;
import dev.pubsub.redis.producer.PublishOptions;
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

/**
 * What an application shows of a stream with partitions.
 */
@RedisTest
class PartitionsApplicationIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final TestRedis redis;

	private final String stream;

	private final ApplicationContextRunner runner;

	PartitionsApplicationIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders").replace(':', '-');
		this.runner = PubSubRunner.on(redis)
			.withConfiguration(AutoConfigurations.of(PubSubMetricsAutoConfiguration.class))
			.withUserConfiguration(Handlers.class)
			.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("stream=" + this.stream, "pubsub.redis.metrics.interval=1s",
					"pubsub.redis.streams[" + this.stream + "].partitions=4",
					"pubsub.redis.streams[" + this.stream + "].threads=2",
					"pubsub.redis.streams[" + this.stream + "].dead-letter.suffix=:failed");
	}

	@Test
	void showsWhatWaitsInAllPartitionsAndEachPartition() {
		this.runner.run((context) -> {
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			for (int i = 0; i < 40; i++) {
				producer.publish(this.stream, "m" + i, PublishOptions.defaults().withKey("customer-" + i));
			}
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			PubSubOperations operations = context.getBean(PubSubOperations.class);
			try {
				await().atMost(PATIENCE).untilAsserted(() -> {
					assertThat(gauge(registry, BacklogGauges.LENGTH)).isEqualTo(40);
					assertThat(gauge(registry, BacklogGauges.CONSUMERS)).isEqualTo(1);
					double lag = this.redis.isRedis6() ? 0 : gauge(registry, BacklogGauges.LAG);
					assertThat(lag + gauge(registry, BacklogGauges.PENDING))
						.isEqualTo(this.redis.isRedis6() ? gauge(registry, BacklogGauges.PENDING) : 40);
				});
				SubscriptionStatus subscription = operations.subscriptions().get("orders");
				assertThat(subscription.stream()).isEqualTo(this.stream);
				assertThat(subscription.threads().total()).isEqualTo(2);
				assertThat(subscription.backlog()).isNotNull();
				assertThat(subscription.backlog().streamLength()).isEqualTo(40);
				assertThat(operations.streams().list(PageRequest.first()).items()).extracting(StreamStatus::name)
					.contains(this.stream)
					.containsAll(partitions(context.getBean(StreamListenerContainerRegistry.class)));
			}
			finally {
				context.getBean(Handlers.class).goOn.countDown();
			}
			await().atMost(PATIENCE).until(() -> gauge(registry, BacklogGauges.PENDING) == 0);
			assertThat(context.getBean(Handlers.class).keys).hasSize(40).doesNotContainNull();
			assertThat(registry.get("pubsub.messages")
				.tag("messaging.destination.name", this.stream)
				.tag("outcome", "handled")
				.counter()
				.count()).isEqualTo(40);
		});
	}

	@Test
	void deadLettersOfPartitionsAreListedAndRedrivenByTheirPartition() {
		this.runner.withPropertyValues("pubsub.redis.retry-count=0").run((context) -> {
			Handlers handlers = context.getBean(Handlers.class);
			handlers.fails = true;
			handlers.goOn.countDown();
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			for (int i = 0; i < 20; i++) {
				producer.publish(this.stream, "m" + i, PublishOptions.defaults().withKey("customer-" + i));
			}
			PubSubOperations operations = context.getBean(PubSubOperations.class);
			List<String> partitions = partitions(context.getBean(StreamListenerContainerRegistry.class));
			await().atMost(PATIENCE)
				.until(() -> operations.streams()
					.getAll(partitions)
					.stream()
					.mapToLong(StreamStatus::deadLetters)
					.sum() == 20);

			handlers.fails = false;
			partitions.forEach((partition) -> {
				assertThat(operations.streams().deadLetterStreams(partition)).containsExactly(partition + ":failed");
				operations.deadLetters()
					.list(partition, IdRange.all(), Order.OLDEST_FIRST, Payloads.HIDDEN, PageRequest.first())
					.items()
					.forEach((letter) -> operations.deadLetters().redrive(partition, letter.id()));
			});

			await().atMost(PATIENCE).until(() -> handlers.keys.size() == 20);
		});
	}

	private static List<String> partitions(StreamListenerContainerRegistry registry) {
		await().atMost(PATIENCE)
			.until(() -> registry.getContainer("orders").orElseThrow().getSubscription().partitions().size() == 4);
		return registry.getContainer("orders").orElseThrow().getSubscription().partitions();
	}

	private double gauge(MeterRegistry registry, String name) {
		return registry.get(name).tag("messaging.destination.name", this.stream).gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		final CountDownLatch goOn = new CountDownLatch(1);

		final List<String> keys = new ArrayList<>();

		volatile boolean fails;

		@StreamSubscribe(stream = "${stream}", id = "orders")
		void placed(StreamMessage<String> message) throws InterruptedException {
			this.goOn.await();
			if (this.fails) {
				throw new IllegalStateException("no stock");
			}
			synchronized (this.keys) {
				this.keys.add(message.key());
			}
		}

	}

}
