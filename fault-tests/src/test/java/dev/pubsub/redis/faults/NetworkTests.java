package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.List;

import dev.pubsub.redis.test.FaultProxy.Mode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Networks between consumers and the server that lose, swallow and refuse.
 */
@Tag("faults")
class NetworkTests {

	@Test
	void t9RepliesToReadersAreLost() {
		try (FaultBench bench = FaultBench.start()) {
			NodeProcess node = bench.consumer().awaitReady();
			int rounds = FaultBench.size(20, 5);
			Duration slowest = Duration.ZERO;
			int lost = 0;
			for (int i = 0; i < 2 * rounds && lost < rounds; i++) {
				long started = bench.count("START");
				bench.proxy().swallowRepliesTo("XREADGROUP");
				// The read that is under way is a victim only if it began after that.
				FaultBench.pass(Duration.ofMillis(1600));
				String id = bench.add(1).get(0);
				FaultBench.await(Duration.ofSeconds(10), () -> bench.lastDelivered().equals(id));
				boolean seen = bench.count("START") > started;
				bench.proxy().mode(Mode.NORMAL);
				long healed = System.nanoTime();
				bench.proxy().cut();
				if (!seen) {
					lost++;
					Duration handled = bench.awaitStartAfter(healed);
					slowest = (handled.compareTo(slowest) > 0) ? handled : slowest;
				}
				bench.awaitSettled(Duration.ofSeconds(10));
			}

			long recovered = node.log().lines().filter((line) -> line.contains("whose delivery was lost")).count();
			new FaultReport("T9", bench).value("rounds", rounds)
				.require(lost == rounds && recovered >= rounds, "only " + recovered + " replies were lost")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.within("slowest", slowest, Duration.ofSeconds(2))
				.check();
		}
	}

	@Test
	void t10NetworkIsABlackHole() {
		try (FaultBench bench = FaultBench.start().configure("read-count", 32)) {
			List<NodeProcess> nodes = bench.consumers(2);
			NodeProcess producer = bench
				.producer(Arguments.none().with("count", 1_000_000).with("rate", 100).with("ms", 10))
				.awaitReady();
			FaultBench.pass(Duration.ofSeconds(3));
			bench.proxy().mode(Mode.BLACKHOLE);
			long lost = System.nanoTime();
			FaultBench.pass(Duration.ofSeconds(FaultBench.size(30, 16)));
			long healed = System.nanoTime();
			bench.proxy().mode(Mode.NORMAL);
			Duration resumed = bench.awaitStartAfter(healed);
			FaultBench.await(Duration.ofSeconds(15), () -> nodes.stream().allMatch((node) -> isUpSince(node, healed)));
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(60));

			Duration down = nodes.stream()
				.map((node) -> downAfter(node, lost))
				.max(Duration::compareTo)
				.orElse(Duration.ZERO);
			new FaultReport("T10", bench).duplicatesAtMost(2 * (10 + 32))
				.deadLetters(0)
				.within("down", down, Duration.ofSeconds(15))
				.within("resume", resumed, Duration.ofSeconds(10))
				.check();
		}
	}

	@Test
	void t11ConnectionsAreRefused() {
		try (FaultBench bench = FaultBench.start().configure("listeners", 20).configure("collect", 1)) {
			NodeProcess node = bench.consumer().awaitReady();
			bench.add(10);
			bench.awaitSettled(Duration.ofSeconds(10));
			FaultBench.pass(Duration.ofSeconds(5));
			int seconds = FaultBench.size(120, 30);
			long linesBefore = node.log().lines().count();
			bench.proxy().mode(Mode.REFUSE);
			long refused = System.nanoTime();
			FaultBench.pass(Duration.ofSeconds(seconds));
			long healed = System.nanoTime();
			double lines = (node.log().lines().count() - linesBefore) / 20.0 / Math.max(1, seconds / 60.0);
			bench.proxy().mode(Mode.NORMAL);
			bench.add(10);
			Duration resumed = bench.awaitStartAfter(healed);
			bench.awaitSettled(Duration.ofSeconds(30));

			List<long[]> costs = node.entries()
				.stream()
				.filter((entry) -> entry.what().equals("COST") && entry.nanos() > refused && entry.nanos() < healed)
				.map((entry) -> new long[] { entry.nanos(), Long.parseLong(entry.detail().split(" ")[0]),
						Long.parseLong(entry.detail().split(" ")[1]) })
				.toList();
			long[] first = costs.get(1);
			long[] last = costs.get(costs.size() - 1);
			double processor = 100.0 * (last[1] - first[1]) / (last[0] - first[0]);
			long growth = (last[2] - first[2]) / 1024;
			// A short run is still compiling, which has nothing to do with the fault.
			int mostProcessor = FaultBench.size(5, 15);
			new FaultReport("T11", bench).value("linesPerMinute", "%.1f".formatted(lines))
				.value("cpu", "%.1f%%".formatted(processor))
				.value("heapGrowth", growth + "KB")
				.require(lines <= 5, "too many log lines")
				.require(processor < mostProcessor, "too much processor time")
				.require(growth < 2048, "the heap grows")
				.duplicatesAtMost(0)
				.within("resume", resumed, Duration.ofSeconds(6))
				.check();
		}
	}

	@Test
	void t25ClientTimeoutIsShorterThanARead() {
		try (FaultBench bench = FaultBench.start().configure("client-timeout", 500)) {
			NodeProcess node = bench.consumer().awaitReady();
			// The first message loads classes.
			bench.add(1);
			bench.awaitSettled(Duration.ofSeconds(10));
			FaultBench.pass(Duration.ofSeconds(FaultBench.size(60, 8)));
			long warnings = node.log().lines().filter((line) -> line.contains(" WARN ")).count();
			long added = System.nanoTime();
			bench.add(1);
			Duration latency = bench.awaitStartAfter(added);
			bench.awaitSettled(Duration.ofSeconds(10));

			new FaultReport("T25", bench).value("warnings", warnings)
				.require(warnings == 0, "a timeout was reported")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.within("latency", latency, Duration.ofMillis(500))
				.check();
		}
	}

	private static Duration downAfter(NodeProcess node, long nanos) {
		return node.entries()
			.stream()
			.filter((entry) -> entry.what().equals("DOWN") && entry.nanos() > nanos)
			.map((entry) -> Duration.ofNanos(entry.nanos() - nanos))
			.findFirst()
			.orElse(Duration.ofDays(1));
	}

	private static boolean isUpSince(NodeProcess node, long nanos) {
		return node.entries().stream().anyMatch((entry) -> entry.what().equals("UP") && entry.nanos() > nanos);
	}

}
