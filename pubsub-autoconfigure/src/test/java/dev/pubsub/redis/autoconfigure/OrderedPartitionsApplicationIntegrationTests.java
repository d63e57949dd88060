package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.admin.OwnerInfo;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.observe.OwnershipChange;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.SubscriptionStatus;
import dev.pubsub.redis.operations.SubscriptionStatus.Owner;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application sees of the partitions that it shares with another instance.
 */
@RedisTest
class OrderedPartitionsApplicationIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final TestRedis redis;

	private final String stream;

	private final ApplicationContextRunner runner;

	OrderedPartitionsApplicationIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders").replace(':', '-');
		this.runner = PubSubRunner.on(redis)
			.withConfiguration(AutoConfigurations.of(PubSubMetricsAutoConfiguration.class))
			.withUserConfiguration(Handlers.class)
			.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("stream=" + this.stream, "pubsub.redis.lease=2s",
					"pubsub.redis.streams[" + this.stream + "].partitions=4",
					"pubsub.redis.streams[" + this.stream + "].ordered=true");
	}

	@Test
	void showsWhoOwnsThePartitions() {
		this.runner.run((first) -> this.runner.run((second) -> {
			PubSubOperations here = first.getBean(PubSubOperations.class);
			PubSubOperations there = second.getBean(PubSubOperations.class);
			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(status(here).partitionOwners().values()).filteredOn(Owner::here).hasSize(2);
				assertThat(status(there).partitionOwners().values()).filteredOn(Owner::here).hasSize(2);
				assertThat(names(here)).hasSize(4).isEqualTo(names(there));
				assertThat(owned(first.getBean(MeterRegistry.class)) + owned(second.getBean(MeterRegistry.class)))
					.isEqualTo(5);
			});
			List<String> partitions = container(first.getBean(StreamListenerContainerRegistry.class)).getSubscription()
				.partitions();
			assertThat(status(here).partitionOwners().keySet()).containsExactlyElementsOf(partitions);
			assertThat(status(here).owner()).isNotNull();
			try (StreamAdmin admin = StreamAdmin.create(this.redis.connectionFactory())) {
				assertThat(partitions).extracting((partition) -> admin.group(partition, status(here).group()).owner())
					.allSatisfy((owner) -> assertThat(owner).isPresent())
					.extracting((owner) -> owner.map(OwnerInfo::owner).orElseThrow())
					.isEqualTo(names(here));
			}
			assertThat(first.getBean(Handlers.class).changes).filteredOn(OwnershipChange::gained)
				.extracting(OwnershipChange::stream)
				.containsAll(partitions);
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(first.getBean(Handlers.class).changes).filteredOn((change) -> !change.gained())
							.hasSize(2));
		}));
	}

	private static SubscriptionStatus status(PubSubOperations operations) {
		return operations.subscriptions().get("orders");
	}

	private static List<String> names(PubSubOperations operations) {
		return status(operations).partitionOwners().values().stream().map(Owner::name).toList();
	}

	private static StreamListenerContainer container(StreamListenerContainerRegistry registry) {
		return registry.getContainer("orders").orElseThrow();
	}

	private static double owned(MeterRegistry registry) {
		return registry.get("pubsub.owned").gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		final Queue<OwnershipChange> changes = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", id = "orders")
		void placed(String order) {
			// Nothing is published.
		}

		@EventListener
		void changed(OwnershipChange change) {
			this.changes.add(change);
		}

	}

}
