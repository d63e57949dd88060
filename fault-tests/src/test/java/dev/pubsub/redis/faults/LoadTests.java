package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages that fail among those that do not, and slow ones among fast ones.
 */
@Tag("faults")
class LoadTests {

	@Test
	void t17SomeMessagesAlwaysFail() {
		try (FaultBench bench = FaultBench.start().configure("read-count", 32)) {
			bench.consumers(2);
			int count = FaultBench.size(4000, 1500);
			List<Set<String>> good = List.of(new HashSet<>(), new HashSet<>());
			Set<String> bad = new HashSet<>();
			for (int round = 0; round < 6; round++) {
				int kind = round % 2;
				Arguments plan = Arguments.none().with("count", count).with("rate", 400).with("ms", 2);
				NodeProcess producer = bench
					.producer((kind == 0) ? plan : plan.with("fail-every", 100).with("garbage-every", 100));
				producer.awaitExit();
				bench.awaitSettled(Duration.ofSeconds(30));
				// Without the first second: a new process is slow.
				producer.entries()
					.stream()
					.filter((entry) -> entry.what().equals("SENT"))
					.skip(400)
					.forEach((sent) -> good.get(kind).add(sent.id()));
			}
			FaultReport report = new FaultReport("T17", bench);
			Ledger ledger = report.ledger();
			bad.addAll(ledger.deadLetters().keySet());
			Set<String> failing = new HashSet<>();
			Set<String> garbage = new HashSet<>();
			ledger.entries("FAIL")
				.forEach((fail) -> (fail.detail().equals("IllegalStateException") ? failing : garbage).add(fail.id()));
			double before = percentile(ledger, good.get(0), bad);
			double after = percentile(ledger, good.get(1), bad);
			report.value("failing", failing.size())
				.value("garbage", garbage.size())
				.value("p99", "%.1fms".formatted(after))
				.value("p99Without", "%.1fms".formatted(before))
				.require(failing.stream().allMatch((id) -> ledger.starts(id) == 4), "starts per failing message")
				.require(garbage.stream().allMatch((id) -> ledger.starts(id) == 1), "starts per garbage message")
				.require(!failing.isEmpty() && !garbage.isEmpty(), "nothing failed")
				.require(after <= 2 * before, "the others are more than twice as slow")
				.duplicatesAtMost(0)
				.deadLetters(failing.size() + garbage.size())
				.check();
		}
	}

	@Test
	void slowHandlersShareAndFastOnesReadBatches() {
		try (FaultBench bench = FaultBench.start().configure("threads", 1)) {
			List<NodeProcess> nodes = bench.consumers(2);
			for (int i = 0; i < 100; i++) {
				bench.add(1, Map.of("ms", "200"));
			}
			bench.awaitSettled(Duration.ofSeconds(60));
			long first = nodes.get(0).entries().stream().filter((entry) -> entry.what().equals("DONE")).count();
			nodes.get(1).stop();
			bench.add(50);
			bench.awaitSettled(Duration.ofSeconds(10));
			long before = reads(bench.redis());
			nodes.get(0).tell("pause");
			FaultBench.pass(Duration.ofMillis(1500));
			bench.addAtOnce(2000, "");
			nodes.get(0).tell("resume");
			bench.awaitSettled(Duration.ofSeconds(30));
			double perRead = 2000.0 / (reads(bench.redis()) - before);

			new FaultReport("SPLIT", bench).value("first", first)
				.value("second", 100 - first)
				.value("perRead", "%.0f".formatted(perRead))
				.require(first >= 40 && first <= 60, "the split is worse than 60/40")
				.require(perRead >= 10, "a fast handler does not read in batches")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	private static long reads(TestRedis redis) {
		String stats = String.valueOf(redis.execute("INFO", "commandstats"));
		return stats.lines()
			.filter((line) -> line.startsWith("cmdstat_xreadgroup:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
			.sum();
	}

	private static double percentile(Ledger ledger, Set<String> ids, Set<String> without) {
		List<Long> ages = new ArrayList<>(ledger.entries("START")
			.filter((start) -> start.attempt() == 1 && ids.contains(start.id()) && !without.contains(start.id()))
			.map((start) -> Long.parseLong(start.detail()))
			.sorted()
			.toList());
		return ages.get((int) (ages.size() * 0.99)) / 1000.0;
	}

}
