package dev.pubsub.redis.test;

import java.util.List;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link RedisCluster} and {@link RedisSentinels}.
 */
@RedisTopologyTest
class RedisTopologyIntegrationTests {

	@Test
	void promotesReplicaOfKilledMaster(RedisCluster cluster) {
		RedisServerProcess master = cluster.masterOf("orders");
		List<RedisServerProcess> replicas = cluster.replicasOf(master);
		cluster.execute("orders", "XADD", "orders", "*", "item", "apple");
		await().until(() -> cluster.execute("orders", "WAIT", "1", "2000"), Long.valueOf(1)::equals);

		master.kill();
		RedisServerProcess promoted = cluster.awaitMasterOf("orders");

		assertThat(replicas).containsExactly(promoted);
		assertThat(promoted.send("XLEN", "orders")).isEqualTo(1L);

		master.restart();
		cluster.awaitHealthy();
		assertThat(cluster.replicasOf(promoted)).containsExactly(master);
	}

	@Test
	void promotesReplicaOfFrozenMaster(RedisCluster cluster) {
		RedisServerProcess master = cluster.masterOf("orders");

		master.freeze();
		RedisServerProcess promoted = cluster.awaitMasterOf("orders");
		master.resume();
		cluster.awaitHealthy();

		assertThat(cluster.masters()).hasSize(3).contains(promoted).doesNotContain(master);
	}

	@Test
	void movesSlotsAndNodes() {
		try (RedisCluster cluster = RedisCluster.start(3, 0)) {
			RedisServerProcess first = cluster.masters().get(0);
			String stream = "{06S}orders"; // slot 0
			assertThat(cluster.masterOf(stream)).isSameAs(first);
			first.send("XADD", stream, "1-0", "item", "apple");
			first.send("XGROUP", "CREATE", stream, "billing", "0");

			RedisServerProcess added = cluster.addMaster();
			cluster.moveSlots(first, added, 100);

			assertThat(cluster.masterOf(stream)).isSameAs(added);
			assertThat(cluster.execute(stream, "XLEN", stream)).isEqualTo(1L);
			assertThatIllegalStateException().isThrownBy(() -> first.send("XLEN", stream))
				.withMessageContaining("MOVED");

			RedisServerProcess replica = cluster.addReplica(added);
			assertThat(cluster.replicasOf(added)).contains(replica);
			cluster.remove(replica);
			cluster.remove(added);

			assertThat(cluster.nodes()).hasSize(3).doesNotContain(added);
			assertThat(cluster.execute(stream, "XINFO", "GROUPS", stream)).asString().contains("billing");
			cluster.awaitHealthy();
		}
	}

	@Test
	void answersDriverAsClusterDoes(RedisCluster cluster) {
		try (RedisClusterClient client = RedisClusterClient
			.create(RedisURI.create("redis://" + cluster.addresses().get(0)))) {
			client.connect().sync().xadd("pears", "item", "pear");

			assertThat(client.getPartitions()).hasSize(6);
			assertThat(cluster.masterOf("pears").send("XLEN", "pears")).isEqualTo(1L);
		}
	}

	@Test
	void switchesMasterThatWasKilledAndOneThatIsWell(RedisSentinels sentinels) {
		RedisServerProcess first = sentinels.master();
		first.send("XADD", "orders", "*", "item", "apple");
		assertThat(first.send("WAIT", "2", "2000")).isEqualTo(2L);

		first.kill();
		RedisServerProcess second = sentinels.awaitSwitch(first);
		assertThat(second.send("XLEN", "orders")).isEqualTo(1L);
		first.restart();
		sentinels.awaitHealthy();
		assertThat(sentinels.replicas()).hasSize(2).contains(first);

		sentinels.failover();
		RedisServerProcess third = sentinels.awaitSwitch(second);
		assertThat(third).isNotSameAs(second);
		assertThat(third.send("XLEN", "orders")).isEqualTo(1L);
	}

}
