package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages that are attempted again beside others that hold up threads, in great numbers,
 * and while their consumers come and go.
 */
@Tag("faults")
class RedeliveryTests {

	@Test
	void t31RetriedHandlerRunsLong() {
		Duration backOff = Duration.ofMillis(500);
		try (FaultBench bench = FaultBench.start().configure("threads", 3).configure("back-off", backOff.toMillis())) {
			bench.consumer().awaitReady();
			String longest = bench.add(1, Map.of("fails", "1", "ms", Integer.toString(FaultBench.size(60_000, 10_000))))
				.get(0);
			FaultBench.await(Duration.ofSeconds(10), () -> bench.ledger().starts(longest) == 2);
			for (int i = 0; i < 10; i++) {
				bench.add(3, Map.of("fails", "1"));
				FaultBench.pass(Duration.ofMillis(500));
			}
			FaultBench.await(Duration.ofSeconds(30), () -> bench.ledger().handled() == 30);
			boolean runs = !bench.ledger().done().contains(longest);
			bench.awaitSettled(Duration.ofSeconds(90));

			FaultReport report = new FaultReport("T31", bench);
			report.require(runs, "the long one was done before the others")
				.within("slowestRetry", longest(waits(report.ledger())), backOff.multipliedBy(2))
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	@Test
	void t32MessageHangsInEachNodeInTurn() {
		int nodes = FaultBench.size(3, 2);
		try (FaultBench bench = FaultBench.start()
			.configure("threads", 2)
			.configure("lease", 1500)
			.configure("timeout", 500)
			.configure("retries", nodes - 1)) {
			bench.consumers(nodes);
			String bad = bench.add(1, Map.of("do", "hang")).get(0);
			int others = 0;
			long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
			while (bench.redis().xlen(FaultBench.DEAD_LETTERS) == 0 && System.nanoTime() < end) {
				bench.add(1, Map.of("fails", "1"));
				bench.add(1, Map.of("ms", "5"));
				others += 2;
				FaultBench.pass(Duration.ofMillis(100));
			}
			bench.awaitSettled(Duration.ofSeconds(30));

			FaultReport report = new FaultReport("T32", bench);
			report.value("hangs", report.ledger().starts(bad))
				.value("stuck", report.ledger().idsOf("STUCK").size())
				.require(report.ledger().starts(bad) == nodes, "it did not hang in each node")
				.require(report.ledger().handled() == others, "not all others were handled")
				.require(report.ledger().deadLetters().containsKey(bad), "another message is dead")
				.within("slowestRetry", longest(waits(report.ledger())), Duration.ofSeconds(2))
				.deadLetters(1)
				.maxAttempts(nodes)
				.check();
		}
	}

	/**
	 * More messages wait for a service that is away than a consumer holds, and longer
	 * than their lease.
	 */
	@Test
	void t33MoreMessagesWaitThanAreHeld() {
		Duration backOff = Duration.ofMillis(FaultBench.size(30_000, 4_000));
		try (FaultBench bench = FaultBench.start()
			.configure("lease", 1000)
			.configure("heap", 320)
			.configure("back-off", backOff.toMillis())) {
			int count = FaultBench.size(20_000, 11_000);
			bench.addAtOnce(count, "", "fails", "1");
			bench.consumers(2);
			bench.awaitSettled(Duration.ofSeconds(240));

			FaultReport report = new FaultReport("T33", bench);
			Duration shortest = Duration.ofNanos(waits(report.ledger()).min().orElse(0));
			report.value("shortestWait", FaultReport.seconds(shortest))
				.require(shortest.compareTo(backOff.minusMillis(50)) >= 0, "it was shortened")
				.require(report.ledger().handled() == count, "not all were handled")
				.maxAttempts(2)
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	/**
	 * Neither what waits pays for a restart nor what obeys its interrupt.
	 */
	@Test
	void t36ConsumersAreRestartedWhileMessagesWait() {
		Duration backOff = Duration.ofMillis(FaultBench.size(60_000, 9_000));
		try (FaultBench bench = FaultBench.start()
			.configure("lease", 3000)
			.configure("shutdown", 300)
			.configure("back-off", backOff.toMillis())) {
			List<NodeProcess> consumers = new ArrayList<>(bench.consumers(2));
			bench.add(20, Map.of("fails", "1"));
			FaultBench.await(Duration.ofSeconds(10), () -> bench.count("FAIL") == 20);
			bench.add(4, Map.of("ms", "6000"));
			int restarts = FaultBench.size(12, 3);
			for (int i = 0; i < restarts; i++) {
				int victim = i % consumers.size();
				NodeProcess next = bench.consumer().awaitReady();
				consumers.get(victim).stop();
				consumers.set(victim, next);
			}
			bench.awaitSettled(Duration.ofSeconds(120));

			FaultReport report = new FaultReport("T36", bench);
			Duration shortest = Duration.ofNanos(waits(report.ledger()).min().orElse(0));
			report.value("restarts", restarts)
				.value("shortestWait", FaultReport.seconds(shortest))
				.value("givenBack", report.ledger().idsOf("RELEASED").size())
				.require(shortest.compareTo(backOff.minusMillis(50)) >= 0, "a wait was shortened")
				.within("longestWait", longest(waits(report.ledger())), backOff.plusSeconds(4))
				.maxAttempts(2)
				.require(report.ledger().entries("DONE").allMatch((done) -> done.attempt() <= 2),
						"a restart cost an attempt")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	/**
	 * Return how long each message waited from a failure to its next attempt.
	 */
	private static LongStream waits(Ledger ledger) {
		Map<String, Long> failed = new HashMap<>();
		ledger.entries("FAIL")
			.filter((fail) -> !fail.detail().equals("InterruptedException"))
			.forEach((fail) -> failed.put(fail.id() + " " + (fail.attempt() + 1), fail.nanos()));
		return ledger.entries("START")
			.sorted(Comparator.comparingLong(Journal.Entry::nanos))
			.filter((start) -> failed.containsKey(start.id() + " " + start.attempt()))
			.mapToLong((start) -> start.nanos() - failed.get(start.id() + " " + start.attempt()));
	}

	private static Duration longest(LongStream nanos) {
		return Duration.ofNanos(nanos.max().orElse(0));
	}

}
