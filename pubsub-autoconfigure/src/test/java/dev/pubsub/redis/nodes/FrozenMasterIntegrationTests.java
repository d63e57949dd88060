package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A master that is silent, and comes back: with its slots, or as a replica.
 */
@Tag("nodes")
class FrozenMasterIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration FROZEN = Duration.ofSeconds(10);

	/**
	 * How long a publish may always take on a busy machine.
	 */
	private static final Duration NOISE = Duration.ofMillis(50);

	@Test
	void costsItsOwnSlotsOnly() {
		try (RedisCluster patient = RedisCluster.start("--cluster-node-timeout", "60000");
				NodesApplication application = NodesApplication.on(patient)) {
			RedisServerProcess master = patient.masters().get(0);
			String stream = patient.keyOn(master, "slow");
			String other = patient.keyOn(patient.masters().get(1), "fast");
			application.listen(stream);
			application.listen(other);
			try (Load own = Load.on(application.producer, stream); Load others = Load.on(application.producer, other)) {
				await().atMost(PATIENCE).until(() -> application.received(stream).size() > 100);
				others.forgetTimes();
				int first = others.sent().size();
				await().atMost(PATIENCE).until(() -> others.sent().size() > first + 2000);
				Duration sync = others.syncTime();
				Duration async = others.asyncTime();

				others.forgetTimes();
				own.forgetTimes();
				master.freeze();
				await().during(FROZEN).atMost(PATIENCE).until(() -> others.failures().isEmpty());
				System.out.println("p99 of another master: sync " + sync + ", async " + async + " before; sync "
						+ others.syncTime() + ", async " + others.asyncTime() + " while one was frozen");
				assertThat(others.syncTime()).isLessThan(most(sync));
				assertThat(others.asyncTime()).isLessThan(most(async));
				assertThat(others.failures()).isEmpty();
				own.stop();
				master.resume();
				assertTruth(application, stream, own);
				assertThat(own.longestTime()).as("Answered in time")
					.isLessThan(ProducerOptions.defaults().timeout().plusSeconds(1));
				assertThat(application.kept(stream)).containsAll(own.sent());
			}
		}
	}

	private static Duration most(Duration before) {
		Duration twice = before.multipliedBy(2);
		return (twice.compareTo(NOISE) > 0) ? twice : NOISE;
	}

	@Test
	void comesBackAsReplicaWithoutLossOfWhatRedisKept() {
		try (RedisCluster cluster = RedisCluster.start(); NodesApplication application = NodesApplication.on(cluster)) {
			RedisServerProcess master = cluster.masters().get(0);
			String stream = cluster.keyOn(master, "orders");
			application.listen(stream);
			try (Load load = Load.on(application.producer, stream)) {
				await().atMost(PATIENCE).until(() -> application.received(stream).size() > 100);

				master.freeze();
				RedisServerProcess promoted = cluster.awaitMasterOf(stream);
				assertThat(promoted).isNotEqualTo(master);
				int before = load.sent().size();
				await().atMost(PATIENCE).until(() -> load.sent().size() > before + 50);
				master.resume();
				cluster.awaitHealthy();
				int later = load.sent().size();
				await().atMost(PATIENCE).until(() -> load.sent().size() > later + 50);
				load.stop();

				assertTruth(application, stream, load);
				assertThat(cluster.masterOf(stream)).isEqualTo(promoted);
				Set<String> lost = new HashSet<>(load.sent());
				lost.removeAll(application.kept(stream));
				System.out.println("lost with the frozen master: " + lost.size() + " of " + load.sent().size());
				assertThat(lost).as("Confirmed by a replica").doesNotContainAnyElementsOf(load.confirmed());
			}
		}
	}

	private static void assertTruth(NodesApplication application, String stream, Load load) {
		await().atMost(PATIENCE).until(() -> load.unanswered() == 0);
		Set<String> kept = application.kept(stream);
		assertThat(kept).as("Said to be absent").doesNotContainAnyElementsOf(load.rejected());
		await().atMost(PATIENCE).until(() -> application.distinct(stream).containsAll(kept));
	}

}
