package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What one node's bad day costs the others, and itself.
 */
@Tag("nodes")
@RedisTopologyTest
@ExtendWith(OutputCaptureExtension.class)
class ClusterFaultIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * Two seconds on an idle machine.
	 */
	private static final Duration RESUMED = Duration.ofSeconds(5);

	/**
	 * Half of the slots of one of three masters.
	 */
	private static final int MOVED = 2731;

	/**
	 * As many as may be read and not acknowledged at a moment.
	 */
	private static final int MOST_TWICE = 128;

	private final RedisCluster cluster;

	private NodesApplication application;

	private RedisServerProcess victim;

	private String stream;

	private String other;

	ClusterFaultIntegrationTests(RedisCluster cluster) {
		this.cluster = cluster;
	}

	@BeforeEach
	void start() {
		List<RedisServerProcess> masters = this.cluster.masters();
		long test = System.nanoTime();
		this.victim = masters.get(0);
		this.stream = Stream.iterate(test, (number) -> number + 1)
			.map((number) -> this.cluster.keyOn(this.victim, "orders" + number + "-"))
			.filter((key) -> SlotHash.getSlot(key) % 5461 < 4500)
			.findFirst()
			.orElseThrow();
		this.other = this.cluster.keyOn(masters.get(1), "bills" + test + "-");
		this.application = NodesApplication.on(this.cluster);
	}

	@AfterEach
	void close() {
		this.application.close();
		this.cluster.repair();
	}

	@Test
	void followsPromotedReplicaWithoutHarmToOthers(CapturedOutput output) {
		this.application.listen(this.stream);
		this.application.listen(this.other);
		try (Load own = Load.on(this.application.producer, this.stream);
				Load others = Load.on(this.application.producer, this.other)) {
			await().atMost(PATIENCE)
				.until(() -> this.application.received(this.stream).size() > 20
						&& this.application.received(this.other).size() > 20);

			others.forgetGap();
			long linesBefore = lines(output);
			long killed = System.nanoTime();
			this.victim.kill();
			this.cluster.awaitMasterOf(this.stream);
			long promoted = System.nanoTime();
			int before = this.application.distinct(this.stream).size();
			int sentBefore = own.sent().size();

			await().atMost(RESUMED).until(() -> own.sent().size() > sentBefore);
			await().atMost(RESUMED).until(() -> this.application.distinct(this.stream).size() > before);
			System.out.println("resumed " + Duration.ofNanos(System.nanoTime() - promoted) + " after the promotion; "
					+ "failed: " + own.failed() + ", longest gap of others " + others.longestGap());
			assertThat(others.failed()).isZero();
			assertThat(others.longestGap()).isLessThan(Duration.ofSeconds(1));
			own.stop();
			others.stop();
			long minutes = Duration.ofNanos(System.nanoTime() - killed).toMinutes() + 1;
			assertThat(lines(output) - linesBefore).as("Lines about the stream whose master died")
				.isLessThanOrEqualTo(5 * minutes);
			await().atMost(PATIENCE).until(() -> own.unanswered() == 0);
			Set<String> kept = this.application.kept(this.stream);
			await().atMost(PATIENCE).until(() -> this.application.distinct(this.stream).containsAll(kept));
			assertThat(this.application.received(this.stream).size() - this.application.distinct(this.stream).size())
				.as("Messages whose acknowledgement the dead master took with it")
				.isLessThanOrEqualTo(MOST_TWICE);
			assertThat(kept).as("Said to be absent").doesNotContainAnyElementsOf(own.rejected());
			Set<String> all = others.sent();
			await().atMost(PATIENCE).until(() -> this.application.distinct(this.other).containsAll(all));
			assertThat(this.application.received(this.other)).hasSameSizeAs(this.application.distinct(this.other));
		}
	}

	private long lines(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains(this.stream) && (line.contains("WARN") || line.contains("INFO")))
			.count();
	}

	@Test
	void nodesComeAndGoWithoutFailureOrLoss() {
		this.application.listen(this.stream);
		try (Load load = Load.on(this.application.producer, this.stream)) {
			await().atMost(PATIENCE).until(() -> this.application.received(this.stream).size() > 20);

			RedisServerProcess added = this.cluster.addMaster();
			this.cluster.addReplica(added);
			this.cluster.moveSlots(this.victim, added, SlotHash.SLOT_COUNT);
			assertThat(this.cluster.masterOf(this.stream)).isEqualTo(added);
			int before = load.sent().size();
			await().atMost(PATIENCE).until(() -> load.sent().size() > before + 50);
			this.cluster.moveSlots(added, this.cluster.masters().get(0), SlotHash.SLOT_COUNT);
			this.cluster.replicasOf(added).forEach(this.cluster::remove);
			this.cluster.remove(added);
			int later = load.sent().size();
			await().atMost(PATIENCE).until(() -> load.sent().size() > later + 50);
			load.stop();

			assertThat(load.failures()).isEmpty();
			await().atMost(PATIENCE).until(() -> this.application.distinct(this.stream).containsAll(load.sent()));
			assertThat(this.application.received(this.stream)).hasSameSizeAs(load.sent());
		}
	}

	@Test
	void halfOfTheSlotsMoveWithoutFailureOrLoss() {
		try (RedisCluster moving = RedisCluster.start(); NodesApplication onMoving = NodesApplication.on(moving)) {
			List<RedisServerProcess> masters = moving.masters();
			List<String> streams = masters.stream().map((master) -> movingKey(moving, master)).toList();
			streams.forEach(onMoving::listen);
			List<Load> loads = streams.stream().map((stream) -> Load.on(onMoving.producer, stream)).toList();
			await().atMost(PATIENCE)
				.until(() -> streams.stream().allMatch((stream) -> onMoving.received(stream).size() > 20));

			// The last first: a master gives away its own slots, not those it has got.
			for (int i = masters.size() - 1; i >= 0; i--) {
				moving.moveSlots(masters.get(i), masters.get((i + 1) % masters.size()), MOVED);
			}
			for (int i = 0; i < masters.size(); i++) {
				assertThat(moving.masterOf(streams.get(i))).isNotEqualTo(masters.get(i));
			}
			List<Integer> sent = loads.stream().map((load) -> load.sent().size()).toList();
			await().atMost(PATIENCE)
				.until(() -> IntStream.range(0, loads.size())
					.allMatch((i) -> loads.get(i).sent().size() > sent.get(i) + 50));
			loads.forEach(Load::stop);

			for (int i = 0; i < loads.size(); i++) {
				Load load = loads.get(i);
				String stream = streams.get(i);
				await().atMost(PATIENCE).until(() -> load.unanswered() == 0);
				assertThat(load.failures()).isEmpty();
				await().atMost(PATIENCE).until(() -> onMoving.distinct(stream).containsAll(load.sent()));
				assertThat(onMoving.received(stream)).hasSameSizeAs(load.sent());
			}
		}
	}

	/**
	 * Return a stream in the first half of the slots of a master.
	 */
	private static String movingKey(RedisCluster cluster, RedisServerProcess master) {
		return Stream.iterate(0, (number) -> number + 1)
			.map((number) -> cluster.keyOn(master, "half" + number + "-"))
			.filter((key) -> SlotHash.getSlot(key) % 5461 < MOVED - 100)
			.findFirst()
			.orElseThrow();
	}

}
