package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;

import dev.pubsub.redis.test.Ports;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisClusterConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/**
 * Configured addresses where no server is any more, or never was.
 */
@Tag("nodes")
@RedisTopologyTest
@ExtendWith(OutputCaptureExtension.class)
class DeadAddressIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration RESUMED = Duration.ofSeconds(5);

	private final RedisCluster cluster;

	private final RedisSentinels sentinels;

	private final String stream = "orders" + System.nanoTime();

	DeadAddressIntegrationTests(RedisCluster cluster, RedisSentinels sentinels) {
		this.cluster = cluster;
		this.sentinels = sentinels;
	}

	@AfterEach
	void repair() {
		this.cluster.repair();
		this.sentinels.repair();
	}

	@Test
	void clusterIsFoundAndFollowedBesideADeadSeed() {
		List<String> seeds = List.of(nobody(), this.cluster.masters().get(0).address());
		try (NodesApplication application = NodesApplication.on(new RedisClusterConfiguration(seeds))) {
			publish(application, this.stream);
			application.listen(this.stream);
			await().atMost(PATIENCE).until(() -> !application.received(this.stream).isEmpty());

			resumesAfterFailover(application, this.cluster);
		}
	}

	private void resumesAfterFailover(NodesApplication application, RedisCluster cluster) {
		try (Load load = Load.on(application.producer, this.stream)) {
			cluster.masterOf(this.stream).kill();
			cluster.awaitMasterOf(this.stream);
			goesOn(load, application);
		}
	}

	private void goesOn(Load load, NodesApplication application) {
		int sent = load.sent().size();
		await().atMost(RESUMED).until(() -> load.sent().size() > sent + 3);
		int received = application.distinct(this.stream).size();
		await().atMost(RESUMED).until(() -> application.distinct(this.stream).size() > received);
	}

	@Test
	void clusterThatWasMadeAnewOfOthersIsFollowed() {
		try (RedisCluster anew = RedisCluster.start(4, 0)) {
			RedisServerProcess former = anew.masters().get(0);
			String key = anew.keyOn(former, "moved");
			anew.moveSlots(anew.masters().get(1), former, 1);
			try (NodesApplication application = NodesApplication.on(new RedisClusterConfiguration(anew.addresses()))) {
				publish(application, key);

				former.kill();
				anew.formAnew();

				publish(application, key);
				assertThat((Long) anew.execute(key, "XLEN", key)).isPositive();
			}
		}
	}

	@Test
	void masterIsFoundAndFollowedWithADeadSentinel(CapturedOutput output) {
		this.sentinels.sentinels().get(0).kill();
		RedisServerProcess former = this.sentinels.master();
		try (NodesApplication application = NodesApplication.on(this.sentinels)) {
			publish(application, this.stream);
			application.listen(this.stream);
			await().atMost(PATIENCE).until(() -> !application.received(this.stream).isEmpty());

			try (Load load = Load.on(application.producer, this.stream)) {
				former.kill();
				this.sentinels.awaitSwitch(former);
				goesOn(load, application);
			}
			assertThat(output.toString().lines().filter((line) -> line.contains("Sentinel"))).hasSizeLessThan(2);
		}
	}

	/**
	 * Servers before Redis 7.0 have no host names.
	 */
	@Test
	void hostNamesThatDoNotResolveAreNotForClients() {
		this.cluster.nodes().forEach((node) -> set(node, "cluster-announce-hostname", "nowhere.invalid"));
		try (NodesApplication application = NodesApplication.on(this.cluster)) {
			publish(application, this.stream);

			this.cluster.nodes().forEach((node) -> {
				set(node, "cluster-announce-hostname", "localhost");
				set(node, "cluster-preferred-endpoint-type", "hostname");
			});
		}
		try (NodesApplication application = NodesApplication.on(this.cluster)) {
			publish(application, this.stream);
			assertThat((Long) this.cluster.execute(this.stream, "XLEN", this.stream)).isGreaterThan(1);
		}
		finally {
			this.cluster.nodes().forEach((node) -> {
				set(node, "cluster-announce-hostname", "");
				set(node, "cluster-preferred-endpoint-type", "ip");
			});
		}
	}

	/**
	 * The first message of a busy machine may take longer than the timeout.
	 */
	private static void publish(NodesApplication application, String stream) {
		await().atMost(PATIENCE).ignoreExceptions().until(() -> application.producer.publish(stream, "apple") != null);
	}

	private static void set(RedisServerProcess node, String name, String value) {
		assertThatCode(() -> node.send("CONFIG", "SET", name, value)).satisfiesAnyOf(
				(failure) -> assertThat(failure).isNull(),
				(failure) -> assertThat(failure).hasMessageContaining("Unknown option"),
				(failure) -> assertThat(failure).hasMessageContaining("Unsupported CONFIG parameter"));
	}

	private static String nobody() {
		return "127.0.0.1:" + Ports.free();
	}

}
