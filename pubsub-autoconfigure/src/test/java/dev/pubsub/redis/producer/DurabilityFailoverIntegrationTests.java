package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that a replica has confirmed, when their master goes away. What was published
 * is remembered here, outside of Redis.
 */
@Tag("nodes")
@RedisTopologyTest
class DurabilityFailoverIntegrationTests {

	private static final ProducerOptions OPTIONS = ProducerOptions.defaults()
		.withDurability(Durability.ofReplicas(1).withTimeout(Duration.ofMillis(500)));

	private final RedisSentinels sentinels;

	private final List<String> confirmed = new CopyOnWriteArrayList<>();

	private final AtomicBoolean over = new AtomicBoolean();

	private RedisStreamProducer producer;

	DurabilityFailoverIntegrationTests(RedisSentinels sentinels) {
		this.sentinels = sentinels;
	}

	@BeforeEach
	void open() {
		RedisSentinelConfiguration server = new RedisSentinelConfiguration().master(RedisSentinels.MASTER);
		this.sentinels.sentinels().forEach((sentinel) -> server.sentinel(sentinel.host(), sentinel.port()));
		this.producer = RedisStreamProducer.builder(new LettuceConnectionFactory(server)).options(OPTIONS).build();
	}

	@AfterEach
	void close() {
		this.producer.close();
	}

	@Test
	void losesNothingThatWasConfirmedWhenItsMasterIsKilled() {
		RedisServerProcess master = this.sentinels.master();
		CompletableFuture<Void> publishing = CompletableFuture.runAsync(this::publishUntilOver);
		awaitConfirmed(50);

		master.kill();
		RedisServerProcess promoted = this.sentinels.awaitSwitch(master);
		awaitConfirmed(this.confirmed.size() + 10);
		this.over.set(true);
		publishing.join();

		List<?> entries = (List<?>) promoted.send("XRANGE", "orders", "-", "+");
		Set<String> kept = new HashSet<>();
		entries.forEach((entry) -> kept.add(String.valueOf(((List<?>) entry).get(0))));
		assertThat(kept).containsAll(this.confirmed);
	}

	private void awaitConfirmed(int count) {
		await("messages are confirmed").atMost(Duration.ofSeconds(30)).until(() -> this.confirmed.size() >= count);
	}

	private void publishUntilOver() {
		for (int i = 0; !this.over.get(); i++) {
			try {
				this.confirmed.add(this.producer.publish("orders", "apple " + i).getValue());
			}
			catch (PublishException ex) {
				// Rejected or in doubt: no promise was made.
			}
		}
	}

}
