package dev.pubsub.redis.monitor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.metrics.BacklogGauges;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class BacklogMonitorIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

	private final BacklogMonitor monitor;

	BacklogMonitorIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.monitor = BacklogMonitor.create(this.connections, () -> this.subscriptions, Duration.ofMillis(100));
	}

	@AfterEach
	void close() {
		this.monitor.close();
		this.connections.close();
		this.threads.close();
	}

	private static Subscription subscription(String stream, String group) {
		return Subscription.of(stream, group, (message, acknowledgment) -> {
		});
	}

	private Backlog backlog(String group) {
		return await().until(() -> this.monitor.getBacklog(group + "." + this.stream), (found) -> found.isPresent())
			.orElseThrow();
	}

	@Test
	void streamThatIsNotThereHasNothingThatWaits() {
		this.subscriptions.add(subscription(this.stream, "billing"));
		this.monitor.start();

		Backlog backlog = backlog("billing");
		assertThat(backlog.getStreamLength()).isZero();
		assertThat(backlog.getPending()).isZero();
		assertThat(backlog.getConsumers()).isZero();
		assertThat(backlog.getOldestPending()).isEmpty();
		assertThat(backlog.getOldestUnread()).isEmpty();
		assertThat(backlog.getDeadLetters()).isZero();
	}

	@Test
	void tellsWhatWaitsInEachGroup() {
		Instant before = Instant.now(Clock.systemUTC()).minusSeconds(1);
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		this.redis.execute("XGROUP", "CREATE", this.stream, "shipping", "0");
		for (int i = 0; i < 5; i++) {
			this.redis.xadd(this.stream, Map.of("item", "apple"));
		}
		this.redis.execute("XREADGROUP", "GROUP", "billing", "c1", "COUNT", "2", "STREAMS", this.stream, ">");
		this.redis.xadd("{" + this.stream + "}:dlq", Map.of("item", "pear"));
		this.subscriptions.add(subscription(this.stream, "billing"));
		this.subscriptions.add(subscription(this.stream, "shipping").withDeadLetters(DeadLetterPolicy.none()));
		this.monitor.start();

		Backlog billing = backlog("billing");
		assertThat(billing.getStreamLength()).isEqualTo(5);
		assertThat(billing.getStreamBytes().orElseThrow()).isPositive();
		assertThat(billing.getPending()).isEqualTo(2);
		assertThat(billing.getConsumers()).isEqualTo(1);
		assertThat(billing.getOldestPending().orElseThrow()).isAfter(before);
		assertThat(billing.getOldestUnread().orElseThrow()).isAfterOrEqualTo(billing.getOldestPending().orElseThrow());
		assertThat(billing.getDeadLetters()).isEqualTo(1);
		Backlog shipping = backlog("shipping");
		assertThat(shipping.getPending()).isZero();
		assertThat(shipping.getOldestUnread()).isEqualTo(billing.getOldestPending());
		assertThat(shipping.getDeadLetters()).isZero();
		if (this.redis.execute("INFO", "server").toString().contains("redis_version:6")) {
			assertThat(billing.getLag()).isEmpty();
		}
		else {
			assertThat(billing.getLag()).hasValue(3);
			assertThat(shipping.getLag()).hasValue(5);
		}
	}

	@Test
	void followsTheGroup() {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		String id = this.redis.xadd(this.stream, Map.of("item", "apple"));
		this.subscriptions.add(subscription(this.stream, "billing"));
		this.monitor.start();
		assertThat(backlog("billing").getOldestUnread()).isPresent();

		this.redis.execute("XREADGROUP", "GROUP", "billing", "c1", "STREAMS", this.stream, ">");
		await().until(() -> backlog("billing").getPending() == 1);
		assertThat(backlog("billing").getOldestUnread()).isEmpty();
		assertThat(backlog("billing").getLag()).hasValue(0);

		this.redis.execute("XACK", this.stream, "billing", id);
		await().until(() -> backlog("billing").getPending() == 0);
		assertThat(backlog("billing").getOldestPending()).isEmpty();
	}

	@Test
	void gaugesShowTheStateAndNothingWhileRedisRefuses() {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		this.redis.xadd(this.stream, Map.of("item", "apple"));
		this.subscriptions.add(subscription(this.stream, "billing"));
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		BacklogGauges gauges = new BacklogGauges(registry, this.monitor::getBacklog, Clock.systemUTC());
		this.subscriptions.forEach(gauges::show);
		this.monitor.start();

		await().until(() -> registry.get(BacklogGauges.LENGTH)
			.tag("messaging.destination.name", this.stream)
			.gauge()
			.value() == 1);
		assertThat(registry.get(BacklogGauges.PENDING).tag("messaging.consumer.group.name", "billing").gauge().value())
			.isZero();

		this.redis.execute("DEL", this.stream);
		this.redis.execute("SET", this.stream, "no stream");
		await().until(() -> Double.isNaN(registry.get(BacklogGauges.LENGTH).gauge().value()));
		assertThat(this.monitor.getOutages()).singleElement()
			.satisfies((outage) -> assertThat(outage.getReason()).contains("WRONGTYPE"));
	}

	@Test
	void subscriptionThatIsGoneIsForgotten() {
		this.subscriptions.add(subscription(this.stream, "billing"));
		this.monitor.start();
		backlog("billing");

		this.subscriptions.clear();

		await().until(() -> this.monitor.getBacklog("billing." + this.stream).isEmpty());
	}

}
