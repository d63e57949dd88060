package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class WorkAheadIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final Nodes nodes;

	WorkAheadIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.nodes = new Nodes(redis);
	}

	private StreamListenerContainer start(StreamHandler handler) {
		return this.nodes.add()
			.start(Subscription.of(this.stream, "billing", handler)
				.withOptions(ContainerOptions.defaults().withThreads(1)));
	}

	private void awaitRunning(StreamListenerContainer container) {
		await().until(() -> container.getState() == ContainerState.RUNNING);
	}

	private long readCalls() {
		String stats = String.valueOf(this.redis.execute("INFO", "commandstats"));
		for (String line : stats.split("\\R")) {
			if (line.startsWith("cmdstat_xreadgroup:calls=")) {
				return Long.parseLong(line.replaceAll("^.*?calls=(\\d+),.*$", "$1"));
			}
		}
		return 0;
	}

	@Test
	void sharesSlowWorkBetweenNodes() {
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		awaitRunning(start((message, ack) -> {
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
			first.incrementAndGet();
		}));
		awaitRunning(start((message, ack) -> {
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
			second.incrementAndGet();
		}));

		for (int i = 0; i < 100; i++) {
			this.redis.xadd(this.stream, Map.of("name", "order" + i));
		}

		await().atMost(Duration.ofSeconds(30)).until(() -> first.get() + second.get() == 100);
		assertThat(first.get()).isBetween(40, 60);
	}

	@Test
	void readsInBatchesForAFastHandler() {
		AtomicInteger handled = new AtomicInteger();
		for (int i = 0; i < 5000; i++) {
			this.redis.xadd(this.stream, Map.of("name", "order" + i));
		}
		long before = readCalls();

		start((message, ack) -> handled.incrementAndGet());

		await().until(() -> handled.get() == 5000);
		assertThat(readCalls() - before).isLessThan(5000 / 20);
	}

}
