package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What one node's bad day costs the others, and itself.
 */
@RedisTopologyTest
@ExtendWith(OutputCaptureExtension.class)
class ClusterFaultIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * How long three publishes may always take on a busy machine.
	 */
	private static final double NOISE_MILLIS = 25;

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

			await().atMost(Duration.ofSeconds(10)).until(() -> own.sent().size() > sentBefore);
			await().atMost(Duration.ofSeconds(10)).until(() -> this.application.distinct(this.stream).size() > before);
			System.out.println("resumed " + Duration.ofNanos(System.nanoTime() - promoted) + " after the promotion; "
					+ "failed: " + own.failed() + ", longest gap of others " + others.longestGap());
			assertThat(others.failed()).isZero();
			assertThat(others.longestGap()).isLessThan(Duration.ofSeconds(1));
			own.stop();
			others.stop();
			long minutes = Duration.ofNanos(System.nanoTime() - killed).toMinutes() + 1;
			assertThat(lines(output) - linesBefore).as("Lines about the stream whose master died")
				.isLessThanOrEqualTo(5 * minutes);
			Set<String> kept = kept();
			await().atMost(PATIENCE).until(() -> this.application.distinct(this.stream).containsAll(kept));
			assertThat(this.application.received(this.stream).size() - this.application.distinct(this.stream).size())
				.as("Messages whose acknowledgement the dead master took with it")
				.isLessThanOrEqualTo(MOST_TWICE);
			Set<String> all = others.sent();
			await().atMost(PATIENCE).until(() -> this.application.distinct(this.other).containsAll(all));
			assertThat(this.application.received(this.other)).hasSameSizeAs(this.application.distinct(this.other));
		}
	}

	/**
	 * Return what the promoted replica has.
	 */
	private Set<String> kept() {
		try (StreamAdmin admin = StreamAdmin.create(this.application.factory)) {
			return admin.range(this.stream, IdRange.all(), 100_000)
				.stream()
				.map((entry) -> entry.fields().getText("payload"))
				.collect(Collectors.toSet());
		}
	}

	private long lines(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains(this.stream) && (line.contains("WARN") || line.contains("INFO")))
			.count();
	}

	@Test
	void silentMasterCostsItsOwnSlotsOnly() throws Exception {
		this.application.producer.publish(this.stream, "warm");
		this.application.producer.publish(this.other, "warm");
		this.application.producer.publishAsync(this.stream, "warm").get(5, TimeUnit.SECONDS);
		try (RedisCluster patient = RedisCluster.start("--cluster-node-timeout", "60000");
				NodesApplication onPatient = NodesApplication.on(patient)) {
			RedisServerProcess frozen = patient.masters().get(0);
			String slow = patient.keyOn(frozen, "slow");
			String fast = patient.keyOn(patient.masters().get(1), "fast");
			onPatient.producer.publish(slow, "warm");
			onPatient.producer.publish(fast, "warm");

			double before = percentile(onPatient.producer, fast);
			frozen.freeze();
			CompletableFuture<RecordId> stuck = onPatient.producer.publishAsync(slow, "x");
			for (int i = 0; i < 20_000; i++) {
				onPatient.producer.publishAsync(slow, "x").exceptionally((failure) -> null);
				if (i == 4000) {
					break;
				}
			}
			double during = percentile(onPatient.producer, fast);
			System.out.printf("p99 of another master: %.1f ms before, %.1f ms while one was frozen%n", before, during);
			assertThat(during).isLessThanOrEqualTo(Math.max(2 * before, NOISE_MILLIS));

			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> stuck.get(6, TimeUnit.SECONDS));
			frozen.resume();
			await().atMost(PATIENCE).ignoreExceptions().until(() -> onPatient.producer.publish(slow, "y") != null);
		}
	}

	/**
	 * Publish in three ways, and return the time that 99 of 100 need at most in
	 * milliseconds.
	 */
	private static double percentile(RedisStreamProducer producer, String stream) throws Exception {
		List<Long> times = new ArrayList<>();
		for (int i = 0; i < 400; i++) {
			long start = System.nanoTime();
			producer.publishAsync(stream, "m").get(2, TimeUnit.SECONDS);
			producer.publish(stream, "m");
			producer.newSession().add(stream, "m").commit();
			times.add(System.nanoTime() - start);
		}
		Collections.sort(times);
		return times.get(times.size() * 99 / 100) / 1e6;
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
	void movesWithSlotsWithoutFailureOrLoss() {
		List<RedisServerProcess> masters = this.cluster.masters();
		this.application.listen(this.stream);
		try (Load load = Load.on(this.application.producer, this.stream)) {
			await().atMost(PATIENCE).until(() -> this.application.received(this.stream).size() > 20);

			this.cluster.moveSlots(masters.get(0), masters.get(1), 5000);
			int before = load.sent().size();
			await().atMost(PATIENCE).until(() -> load.sent().size() > before + 50);
			this.cluster.moveSlots(masters.get(1), masters.get(0), 5000);
			int later = load.sent().size();
			await().atMost(PATIENCE).until(() -> load.sent().size() > later + 50);
			load.stop();

			assertThat(load.failures()).isEmpty();
			await().atMost(PATIENCE).until(() -> this.application.distinct(this.stream).containsAll(load.sent()));
			assertThat(this.application.received(this.stream)).hasSameSizeAs(load.sent());
		}
	}

}
