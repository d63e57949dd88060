package dev.pubsub.redis.listener;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Everything works over a connection factory alone.
 */
@RedisTest
class PlainMainIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

	private final Queue<ContainerState> states = new ConcurrentLinkedQueue<>();

	PlainMainIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
	}

	@Test
	void aRegistryOverItsOwnConnectionsHandlesAndClosesThem() {
		Queue<String> handled = new ConcurrentLinkedQueue<>();
		StreamListenerContainerRegistry registry = StreamListenerContainerRegistry
			.builder(this.redis.connectionFactory())
			.observer(this::observed)
			.events((event) -> this.states.add(event.state()))
			.build();
		try (registry; RedisStreamProducer producer = RedisStreamProducer.create(this.redis.connectionFactory())) {
			registry.register(Subscription.of(this.stream, "billing",
					(message, ack) -> handled.add(String.valueOf(message.payload().getText("name")))), "main");
			registry.start();
			producer.publish(this.stream, Map.of("name", "dog"));

			await().until(() -> this.outcomes.contains(Outcome.HANDLED));
		}

		assertThat(handled).containsExactly("dog");
		await("events come on a background thread").until(() -> this.states.contains(ContainerState.STOPPED));
		assertThat(List.copyOf(this.states)).contains(ContainerState.RUNNING).endsWith(ContainerState.STOPPED);
		assertThat(registry.getContainers()).noneMatch(StreamListenerContainer::isRunning);
	}

	private void observed(MessageEvent event) {
		if (event.outcome() != null) {
			this.outcomes.add(event.outcome());
		}
	}

}
