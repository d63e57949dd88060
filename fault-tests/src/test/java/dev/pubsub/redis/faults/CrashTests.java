package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Consumers that end, or stand still.
 */
@Tag("faults")
class CrashTests {

	private static final int THREADS = 10;

	private static final int READ_COUNT = 32;

	@Test
	void t1ConsumersAreKilled() {
		try (FaultBench bench = bench()) {
			List<NodeProcess> consumers = new ArrayList<>(bench.consumers(3));
			int kills = FaultBench.size(20, 4);
			int rate = FaultBench.size(800, 400);
			int count = rate * (kills + 1) * 3;
			NodeProcess producer = bench
				.producer(Arguments.none().with("count", count).with("rate", rate).with("ms", 5))
				.awaitReady();
			Random random = new Random(1);
			long lastKill = 0;
			for (int i = 0; i < kills; i++) {
				FaultBench.pass(Duration.ofSeconds(3));
				int victim = random.nextInt(consumers.size());
				consumers.get(victim).kill();
				lastKill = System.nanoTime();
				consumers.set(victim, bench.consumer());
			}
			producer.awaitExit();
			bench.awaitSettled(Duration.ofSeconds(60));

			FaultReport report = new FaultReport("T1", bench);
			long lastRedelivery = report.ledger()
				.entries("START")
				.filter((start) -> start.attempt() > 1)
				.mapToLong(Journal.Entry::nanos)
				.max()
				.orElse(lastKill);
			report.value("kills", kills)
				.duplicatesAtMost(kills * (THREADS + READ_COUNT + READ_COUNT))
				.deadLetters(0)
				.within("recovery", Duration.ofNanos(Math.max(0, lastRedelivery - lastKill)),
						FaultBench.LEASE.plus(FaultBench.LEASE.dividedBy(6)).plus(Duration.ofMillis(1250 + 2000)))
				.check();
		}
	}

	@Test
	void t2ConsumersAreRestartedOneAfterTheOther() {
		try (FaultBench bench = bench()) {
			List<NodeProcess> consumers = new ArrayList<>(bench.consumers(3));
			int restarts = FaultBench.size(20, 4);
			NodeProcess producer = bench
				.producer(Arguments.none().with("count", 1_000_000).with("rate", 400).with("ms", 10))
				.awaitReady();
			for (int i = 0; i < restarts; i++) {
				int victim = i % consumers.size();
				NodeProcess next = bench.consumer().awaitReady();
				consumers.get(victim).stop();
				consumers.set(victim, next);
			}
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(60));

			FaultReport report = new FaultReport("T2", bench);
			long slowest = report.ledger()
				.entries("START")
				.mapToLong((start) -> Long.parseLong(start.detail()))
				.max()
				.orElse(0);
			report.value("restarts", restarts)
				.value("slowest", FaultReport.seconds(Duration.ofMillis(slowest / 1000)))
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	@Test
	void t7ConsumerStandsStillForThreeLeases() {
		try (FaultBench bench = bench()) {
			NodeProcess frozen = bench.consumer().awaitReady();
			bench.add(5, Map.of("ms", "22000"));
			FaultBench.await(Duration.ofSeconds(5), () -> bench.count("START") == 5);
			NodeProcess other = bench.consumer().awaitReady();
			FaultBench.pass(Duration.ofSeconds(1));
			frozen.freeze();
			FaultBench.pass(FaultBench.LEASE.multipliedBy(3));
			frozen.resume();
			// Until the frozen one would be through, and the other one is not.
			FaultBench.pass(Duration.ofSeconds(7));
			long stillPending = bench.redis().pendingCount(FaultBench.STREAM, FaultBench.GROUP);
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T7", bench).value("settledByFrozen", 5 - stillPending)
				.require(stillPending == 5, "the frozen one settled what was another's")
				.require(other.entries().stream().filter((entry) -> entry.what().equals("DONE")).count() == 5,
						"the other one did not handle all")
				.duplicatesAtMost(5)
				.deadLetters(0)
				.check();
		}
	}

	@Test
	void t16MessageEndsTheProcess() {
		try (FaultBench bench = bench().configure("read-count", 128)) {
			endProcesses(bench, "T16", 49, 50, "5", 4);
		}
	}

	/**
	 * Quick handlers are given messages ahead, also of what the dead process left.
	 */
	@Test
	void t29MessageEndsTheProcessAmongManyQuickOnes() {
		try (FaultBench bench = bench().configure("read-count", 128)) {
			int size = FaultBench.size(2000, 400);
			endProcesses(bench, "T29", size / 2, size / 2, "0", 4);
		}
	}

	/**
	 * All that the dead process left has one attempt left.
	 */
	@Test
	void t30MessageEndsTheProcessAndMayBeRetriedOnce() {
		try (FaultBench bench = bench().configure("read-count", 128).configure("retries", 1)) {
			int size = FaultBench.size(1000, 300);
			endProcesses(bench, "T30", size / 2, size / 2, "0", 2);
		}
	}

	/**
	 * Have one message end the process that handles it, between others.
	 * @param millis how long each handler takes
	 * @param attempts how often it may do so
	 */
	private static void endProcesses(FaultBench bench, String name, int before, int after, String millis,
			int attempts) {
		bench.add(before, Map.of("ms", millis));
		String bad = bench.add(1, Map.of("do", "halt", "ms", millis)).get(0);
		bench.add(after, Map.of("ms", millis));
		int ends = 0;
		NodeProcess consumer = bench.consumer().awaitReady();
		long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
		while (bench.redis().xlen(FaultBench.DEAD_LETTERS) == 0 && System.nanoTime() < deadline) {
			if (!consumer.isAlive()) {
				ends++;
				consumer = bench.consumer();
			}
			FaultBench.pass(Duration.ofMillis(50));
		}
		bench.awaitSettled(Duration.ofSeconds(60));

		FaultReport report = new FaultReport(name, bench);
		report.value("ends", ends)
			.require(ends == attempts, "it ended the process more or less often than it has attempts")
			.deadLetters(1)
			.require(report.ledger().deadLetters().containsKey(bad), "another message is dead")
			.require(report.ledger().handled() == before + after, "not all others were handled")
			.check();
	}

	@Test
	@Tag("long")
	void t18HandlerRunsForFiveLeases() {
		try (FaultBench bench = bench()) {
			bench.consumers(3);
			String id = bench.add(1, Map.of("ms", Long.toString(FaultBench.LEASE.toMillis() * 5))).get(0);
			bench.awaitSettled(Duration.ofSeconds(60));

			FaultReport report = new FaultReport("T18", bench);
			report.value("starts", report.ledger().starts(id)).duplicatesAtMost(0).deadLetters(0).check();
		}
	}

	@Test
	@Tag("long")
	void t24ConsumersComeAndGo() {
		try (FaultBench bench = bench().configure("reap", 3000)) {
			NodeProcess consumer = bench.consumer().awaitReady();
			NodeProcess killed = bench.consumer().awaitReady();
			NodeProcess producer = bench.producer(1_000_000, 100).awaitReady();
			int restarts = FaultBench.size(500, 40);
			for (int i = 1; i <= restarts; i++) {
				consumer.tell("restart");
				int done = i;
				FaultBench.await(Duration.ofSeconds(30), () -> bench.count("RESTARTED") == done);
				if (i % (restarts / 4) == 0) {
					killed.kill();
					killed = bench.consumer().awaitReady();
				}
			}
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(60));
			FaultBench.pass(Duration.ofSeconds(8));
			int left = bench.redis().executeForList("XINFO", "CONSUMERS", FaultBench.STREAM, FaultBench.GROUP).size();

			new FaultReport("T24", bench).value("restarts", restarts)
				.value("consumers", left)
				.require(left <= 2 + 5, "too many consumers are left")
				.duplicatesAtMost(4 * (THREADS + READ_COUNT + READ_COUNT))
				.deadLetters(0)
				.check();
		}
	}

	private static FaultBench bench() {
		return FaultBench.start().configure("threads", THREADS).configure("read-count", READ_COUNT);
	}

}
