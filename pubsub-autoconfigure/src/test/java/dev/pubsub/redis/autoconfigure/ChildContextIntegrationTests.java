package dev.pubsub.redis.autoconfigure;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A context that comes and goes below one that stays.
 */
@RedisTest
class ChildContextIntegrationTests {

	private final TestRedis redis;

	ChildContextIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void listenersOfAChildStopWithItAndThoseOfItsParentGoOn() {
		String first = this.redis.key("first");
		String second = this.redis.key("second");
		PubSubRunner.on(this.redis).withBean(Listener.class).withPropertyValues("stream=" + first).run((parent) -> {
			StreamListenerContainer[] ofChild = new StreamListenerContainer[1];
			PubSubRunner.on(this.redis)
				.withParent(parent)
				.withBean("ofChild", Listener.class)
				.withPropertyValues("stream=" + second)
				.run((child) -> {
					Listener listener = child.getBean("ofChild", Listener.class);
					ofChild[0] = child.getBean(StreamListenerContainerRegistry.class)
						.getContainer("billing." + second)
						.orElseThrow();
					child.getBean(RedisStreamProducer.class).publish(second, Map.of("name", "apple"));
					await().until(() -> listener.received.size() == 1);
				});

			assertThat(ofChild[0].getState()).isEqualTo(ContainerState.STOPPED);
			parent.getBean(RedisStreamProducer.class).publish(first, Map.of("name", "fig"));
			await().until(() -> parent.getBean(Listener.class).received.size() == 1);
		});
	}

	static class Listener {

		private final Queue<String> received = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(Map<String, String> fruit) {
			this.received.add(fruit.get("name"));
		}

	}

}
