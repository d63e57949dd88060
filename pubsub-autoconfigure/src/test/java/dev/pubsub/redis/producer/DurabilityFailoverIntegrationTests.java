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

	private static final Durability ONE = Durability.ofReplicas(1).withTimeout(Duration.ofMillis(500));

	/**
	 * A replica that is not promoted goes on confirming for the former master: only when
	 * all have to confirm, the one that will be promoted is among them.
	 */
	private static final Durability ALL = Durability.ofReplicas(2).withTimeout(Duration.ofMillis(500));

	private final RedisSentinels sentinels;

	private final List<String> confirmed = new CopyOnWriteArrayList<>();

	private final String stream = "orders" + System.nanoTime();

	private final AtomicBoolean over = new AtomicBoolean();

	private RedisStreamProducer producer;

	DurabilityFailoverIntegrationTests(RedisSentinels sentinels) {
		this.sentinels = sentinels;
	}

	@BeforeEach
	void open() {
		RedisSentinelConfiguration server = new RedisSentinelConfiguration().master(RedisSentinels.MASTER);
		this.sentinels.sentinels().forEach((sentinel) -> server.sentinel(sentinel.host(), sentinel.port()));
		this.producer = RedisStreamProducer.builder(new LettuceConnectionFactory(server)).build();
	}

	@AfterEach
	void close() {
		this.over.set(true);
		this.producer.close();
		this.sentinels.repair();
	}

	@Test
	void losesNothingThatWasConfirmedWhenItsMasterIsKilled() {
		RedisServerProcess master = this.sentinels.master();
		CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishUntilOver(ONE));
		awaitConfirmed(50);

		master.kill();
		RedisServerProcess promoted = this.sentinels.awaitSwitch(master);
		awaitConfirmed(this.confirmed.size() + 10);
		this.over.set(true);
		publishing.join();

		assertThat(kept(promoted)).containsAll(this.confirmed);
	}

	@Test
	void losesNothingThatAllConfirmedWhenItsMasterIsReplacedThoughWell() {
		RedisServerProcess master = this.sentinels.master();
		CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishUntilOver(ALL));
		awaitConfirmed(50);

		this.sentinels.failover();
		RedisServerProcess promoted = this.sentinels.awaitSwitch(master);
		this.sentinels.awaitHealthy();
		awaitConfirmed(this.confirmed.size() + 10);
		this.over.set(true);
		publishing.join();

		assertThat(kept(promoted)).containsAll(this.confirmed);
	}

	private Set<String> kept(RedisServerProcess promoted) {
		List<?> entries = (List<?>) promoted.send("XRANGE", this.stream, "-", "+");
		Set<String> kept = new HashSet<>();
		entries.forEach((entry) -> kept.add(String.valueOf(((List<?>) entry).get(0))));
		return kept;
	}

	private void awaitConfirmed(int count) {
		await("messages are confirmed").atMost(Duration.ofSeconds(30)).until(() -> this.confirmed.size() >= count);
	}

	private void publishUntilOver(Durability durability) {
		PublishOptions options = PublishOptions.defaults().withDurability(durability);
		for (int i = 0; !this.over.get(); i++) {
			try {
				this.confirmed.add(this.producer.publish(this.stream, "apple " + i, options).getValue());
			}
			catch (PublishException ex) {
				// Rejected or in doubt: no promise was made.
			}
		}
	}

}
