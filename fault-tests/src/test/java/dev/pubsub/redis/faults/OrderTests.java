package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Owners of ordered streams that end, or stand still.
 */
@Tag("faults")
class OrderTests {

	private static final int THREADS = 10;

	private static final int READ_COUNT = 32;

	private final Map<String, Long> ended = new HashMap<>();

	@Test
	void t40OwnersAreKilledAndOneStandsStill() {
		run("T40", 0);
	}

	@Test
	void t41OwnersOfPartitionsAreKilledAndOneStandsStill() {
		run("T41", 16);
	}

	private void run(String name, int partitions) {
		int count = FaultBench.size(100_000, 10_000);
		int rate = FaultBench.size(1000, 500);
		Duration lease = Duration.ofMillis(FaultBench.size(5000, 2000));
		try (FaultBench bench = FaultBench.start()
			.configure("ordered", 1)
			.configure("partitions", partitions)
			.configure("threads", THREADS)
			.configure("read-count", READ_COUNT)
			.configure("lease", lease.toMillis())
			.configure("retries", 30)) {
			List<NodeProcess> consumers = new ArrayList<>(bench.consumers(3));
			NodeProcess producer = bench
				.producer(Arguments.none()
					.with("count", count)
					.with("rate", rate)
					.with("ms", 2)
					.with("keys", count / 100)
					.with("transient-every", 20))
				.awaitReady();
			NodeProcess frozen = freezeOwner(bench, lease);
			int kills = 0;
			while (producer.isAlive()) {
				FaultBench.pass(Duration.ofSeconds(FaultBench.size(10, 6)));
				killOwner(bench, consumers);
				kills++;
			}
			bench.awaitSettled(Duration.ofSeconds(120));

			FaultReport report = new FaultReport(name, bench);
			OrderProof proof = new OrderProof(bench.keys(), bench.entries(), this.ended, List.of(frozen.name()));
			report.value("keys", proof.keys())
				.value("failed", report.ledger().idsOf("FAIL").size())
				.value("kills", kills)
				.value("owners", report.ledger().entries("GAINED").count())
				.value("overlapsOfFrozen", proof.overlaps())
				.require(report.ledger().published() == count + 1, "not everything was published")
				.require(proof.overlaps() > 0, "the frozen owner's handler overlapped with none: nothing was shown")
				.require(proof.violations().isEmpty(),
						proof.violations().size() + " times out of turn: "
								+ String.join("\n", proof.violations().stream().limit(5).toList()))
				.duplicatesAtMost((kills + 1) * (THREADS + READ_COUNT + READ_COUNT))
				.deadLetters(0)
				.maxAttempts(31)
				.check();
		}
	}

	/**
	 * Have the owner stand still for three leases while a handler runs.
	 */
	private static NodeProcess freezeOwner(FaultBench bench, Duration lease) {
		String id = bench.add(1, Map.of("__KEY", "slow", "ms", "1000")).get(0);
		FaultBench.await(Duration.ofSeconds(30),
				() -> bench.entries()
					.stream()
					.anyMatch((entry) -> entry.what().equals("START") && entry.id().endsWith(id)));
		NodeProcess owner = bench.owner();
		owner.freeze();
		FaultBench.pass(lease.multipliedBy(3));
		owner.resume();
		return owner;
	}

	private void killOwner(FaultBench bench, List<NodeProcess> consumers) {
		NodeProcess owner = bench.owner();
		owner.kill();
		this.ended.put(owner.name(), System.nanoTime());
		consumers.set(consumers.indexOf(owner), bench.consumer());
	}

}
