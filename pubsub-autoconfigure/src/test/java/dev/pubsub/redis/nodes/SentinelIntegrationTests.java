package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A master that is replaced: by Sentinels, or by people.
 */
@Tag("nodes")
@RedisTopologyTest
class SentinelIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final RedisSentinels sentinels;

	private final String stream = "orders" + System.nanoTime();

	private NodesApplication application;

	SentinelIntegrationTests(RedisSentinels sentinels) {
		this.sentinels = sentinels;
	}

	@BeforeEach
	void start() {
		this.application = NodesApplication.on(this.sentinels);
	}

	@AfterEach
	void close() {
		this.application.close();
		this.sentinels.repair();
	}

	@Test
	void followsSwitchWhileTheFormerMasterIsWell() {
		RedisServerProcess former = this.sentinels.master();
		this.application.listen(this.stream);
		try (Load load = Load.on(this.application.producer, this.stream)) {
			await().atMost(PATIENCE).until(() -> this.application.received(this.stream).size() > 20);

			this.sentinels.failover();
			this.sentinels.awaitSwitch(former);
			long switched = System.nanoTime();
			int sent = load.sent().size();
			await().atMost(Duration.ofSeconds(5)).until(() -> load.sent().size() > sent + 3);
			System.out.println("resumed " + Duration.ofNanos(System.nanoTime() - switched)
					+ " after the switch, failed: " + load.failures().size());
			int received = this.application.distinct(this.stream).size();
			await().atMost(Duration.ofSeconds(5)).until(() -> this.application.distinct(this.stream).size() > received);
		}
	}

	@Test
	void followsSwitchFromKilledMaster() {
		RedisServerProcess former = this.sentinels.master();
		this.application.listen(this.stream);
		try (Load load = Load.on(this.application.producer, this.stream)) {
			await().atMost(PATIENCE).until(() -> this.application.received(this.stream).size() > 20);

			former.kill();
			this.sentinels.awaitSwitch(former);
			int sent = load.sent().size();
			await().atMost(Duration.ofSeconds(5)).until(() -> load.sent().size() > sent + 3);
			int received = this.application.distinct(this.stream).size();
			await().atMost(Duration.ofSeconds(5)).until(() -> this.application.distinct(this.stream).size() > received);
		}
	}

	@Test
	void waitsForReplicasThatTheMasterNeeds() {
		try (RedisSentinels strict = RedisSentinels.start("--min-replicas-to-write", "1", "--min-replicas-max-lag",
				"1"); NodesApplication application = NodesApplication.on(strict)) {
			await().atMost(PATIENCE)
				.ignoreExceptions()
				.until(() -> application.producer.publish(this.stream, "warm") != null);
			List<RedisServerProcess> replicas = strict.replicas();
			replicas.forEach(RedisServerProcess::freeze);
			RedisServerProcess master = strict.master();
			await().atMost(PATIENCE)
				.until(() -> String.valueOf(master.send("INFO", "replication")).contains("min_slaves_good_slaves:0"));

			List<CompletableFuture<?>> waiting = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				waiting.add(application.producer.publishAsync(this.stream, "async" + i));
			}
			waiting.add(application.producer.newSession().add(this.stream, "session").commitAsync());
			waiting.add(CompletableFuture.runAsync(() -> application.producer.publish(this.stream, "sync")));
			assertThat(waiting).noneMatch(CompletableFuture::isDone);
			replicas.forEach(RedisServerProcess::resume);

			assertThat(CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void findsMasterAmongConfiguredServers() {
		RedisServerProcess former = this.sentinels.master();
		RedisStaticMasterReplicaConfiguration servers = new RedisStaticMasterReplicaConfiguration(
				this.sentinels.replicas().get(0).host(), this.sentinels.replicas().get(0).port());
		this.sentinels.servers().forEach((server) -> servers.addNode(server.host(), server.port()));
		try (NodesApplication fixed = NodesApplication.on(servers)) {
			fixed.producer.publish(this.stream, "apple");
			assertThat(former.send("XLEN", this.stream)).isEqualTo(1L);
			await().atMost(PATIENCE).until(() -> former.send("WAIT", "2", "100").equals(2L));

			this.sentinels.failover();
			RedisServerProcess master = this.sentinels.awaitSwitch(former);
			await().atMost(PATIENCE).ignoreExceptions().until(() -> {
				fixed.producer.publish(this.stream, "pear");
				return (Long) master.send("XLEN", this.stream) > 1;
			});
		}
	}

}
