package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.listener.ContainerEvent;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What application listeners may do with the events of containers.
 */
@RedisTest
class ApplicationEventsIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final ApplicationContextRunner runner;

	ApplicationEventsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.runner = PubSubRunner.on(redis).withPropertyValues("stream=" + this.stream);
	}

	@Test
	void listenerOfDeadLettersMayUseRedis() {
		this.runner.withUserConfiguration(CountingListener.class).run((context) -> {
			CountingListener listener = context.getBean(CountingListener.class);

			for (int i = 0; i < 12; i++) {
				this.redis.xadd(this.stream, Map.of("name", "dog" + i));
			}

			await().until(() -> listener.counts.size() == 12);
			assertThat(listener.counts).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
			assertThat(listener.threads).allMatch((thread) -> thread.matches("pubsub-\\d+"));
		});
	}

	@Test
	void listenerOfADeadLetterMayStopTheContainer() {
		this.runner.withUserConfiguration(StoppingListener.class).run((context) -> {
			StoppingListener listener = context.getBean(StoppingListener.class);

			this.redis.xadd(this.stream, Map.of("name", "dog"));

			await().untilAtomic(listener.took,
					(took) -> assertThat(took).isNotNull().isLessThan(Duration.ofSeconds(4)));
			StreamListenerContainerRegistry registry = context.getBean(StreamListenerContainerRegistry.class);
			assertThat(registry.getContainers()).extracting(StreamListenerContainer::getState)
				.containsExactly(ContainerState.STOPPED);
		});
	}

	@Test
	void listenerThatBlocksHoldsUpNoMessage() {
		this.runner.withUserConfiguration(BlockingListener.class).run((context) -> {
			BlockingListener listener = context.getBean(BlockingListener.class);

			for (int i = 0; i < 12; i++) {
				this.redis.xadd(this.stream, Map.of("name", "dog" + i));
			}

			await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 12);
			await().untilAsserted(() -> assertThat(this.redis.pendingCount(this.stream, "billing")).isZero());
			listener.release.countDown();
		});
	}

	@Test
	void eventsOfTheShutdownArePublished() {
		AtomicReference<CountingListener> listener = new AtomicReference<>();

		this.runner.withUserConfiguration(CountingListener.class).run((context) -> {
			listener.set(context.getBean(CountingListener.class));
			await().until(() -> listener.get().states.contains(ContainerState.RUNNING));
		});

		assertThat(listener.get().states).containsExactly(ContainerState.STARTING, ContainerState.RUNNING,
				ContainerState.STOPPING, ContainerState.STOPPED);
	}

	abstract static class Failing {

		@StreamSubscribe(stream = "${stream}", id = "failing", retryCount = 0)
		void handle(Map<String, String> map) {
			throw new IllegalStateException("always");
		}

	}

	static class CountingListener extends Failing {

		private final ObjectProvider<StringRedisTemplate> template;

		private final Queue<Long> counts = new ConcurrentLinkedQueue<>();

		private final Queue<String> threads = new ConcurrentLinkedQueue<>();

		private final Queue<ContainerState> states = new ConcurrentLinkedQueue<>();

		CountingListener(ObjectProvider<StringRedisTemplate> template) {
			this.template = template;
		}

		@EventListener
		void givenUp(MessageEvent event) {
			this.threads.add(Thread.currentThread().getName());
			this.counts.add(this.template.getObject().opsForValue().increment(event.stream() + ":dead"));
		}

		@EventListener
		void changed(ContainerEvent event) {
			this.states.add(event.state());
		}

	}

	static class StoppingListener extends Failing {

		private final ObjectProvider<StreamListenerContainerRegistry> registry;

		private final AtomicReference<Duration> took = new AtomicReference<>();

		StoppingListener(ObjectProvider<StreamListenerContainerRegistry> registry) {
			this.registry = registry;
		}

		@EventListener
		void givenUp(MessageEvent event) {
			long start = System.nanoTime();
			this.registry.getObject().stop("failing");
			this.took.set(Duration.ofNanos(System.nanoTime() - start));
		}

	}

	static class BlockingListener extends Failing {

		private final CountDownLatch release = new CountDownLatch(1);

		@EventListener
		void givenUp(MessageEvent event) throws InterruptedException {
			this.release.await();
		}

	}

}
