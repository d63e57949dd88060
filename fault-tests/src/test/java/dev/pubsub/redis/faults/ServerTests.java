package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Servers that crash, forget, freeze and refuse.
 */
@Tag("faults")
class ServerTests {

	private static final int NODES = 3;

	private static final int THREADS = 10;

	private static final int READ_COUNT = 32;

	private static final int MOST_IN_FLIGHT = NODES * (THREADS + READ_COUNT);

	@Test
	void t3ServerCrashesAndComesBack() {
		// With "everysec" Redis puts off writing while the disk is slow: it would be at
		// fault.
		try (FaultBench bench = bench("--appendonly", "yes", "--appendfsync", "always")) {
			bench.consumers(NODES);
			NodeProcess producer = bench.producer(1_000_000, 200).awaitReady();
			int crashes = FaultBench.size(5, 2);
			Duration slowest = Duration.ZERO;
			for (int i = 0; i < crashes; i++) {
				FaultBench.pass(Duration.ofSeconds(3));
				bench.server().kill();
				FaultBench.pass(Duration.ofSeconds(1));
				bench.server().restart();
				Duration resumed = bench.awaitStartAfter(System.nanoTime());
				slowest = (resumed.compareTo(slowest) > 0) ? resumed : slowest;
			}
			FaultBench.pass(Duration.ofSeconds(1));
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T3", bench).value("crashes", crashes)
				.duplicatesAtMost(crashes * MOST_IN_FLIGHT)
				.deadLetters(0)
				.within("resume", slowest, Duration.ofSeconds(5))
				.check();
		}
	}

	@Test
	void t4ServerForgetsEverything() {
		try (FaultBench bench = bench()) {
			List<NodeProcess> nodes = bench.consumers(NODES);
			bench.add(100);
			bench.awaitSettled(Duration.ofSeconds(20));
			bench.server().kill();
			bench.server().restart();
			long back = System.nanoTime();
			bench.addAtOnce(100, "");
			Duration resumed = bench.awaitStartAfter(back);
			bench.awaitSettled(Duration.ofSeconds(20));

			long warnings = nodes.stream().mapToLong((node) -> lines(node, "was lost, it goes on")).sum();
			new FaultReport("T4", bench).value("warnings", warnings)
				.require(warnings == 1, "the lost group was not reported once")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.within("resume", resumed, Duration.ofSeconds(5))
				.check();
		}
	}

	@Test
	void t5GroupIsLostWhileReadersWait() {
		try (FaultBench bench = bench()) {
			bench.consumers(NODES);
			bench.add(20);
			bench.awaitSettled(Duration.ofSeconds(20));
			TestRedis redis = bench.redis();
			for (List<String> command : List.of(List.of("FLUSHALL"), List.of("DEL", FaultBench.STREAM),
					List.of("XGROUP", "DESTROY", FaultBench.STREAM, FaultBench.GROUP))) {
				redis.execute(command.toArray(String[]::new));
				bench.addAtOnce(100, "");
				bench.awaitSettled(Duration.ofSeconds(20));
				String quoted = "'" + String.join("', '", command) + "'";
				bench.addAtOnce(100, quoted);
				bench.awaitSettled(Duration.ofSeconds(20));
			}

			FaultReport report = new FaultReport("T5", bench);
			// A group that was destroyed starts again where the first node to notice was.
			report.groupWasLost()
				.duplicatesAtMost(2 * 400)
				.deadLetters(0)
				.require(report.ledger().published() == 620, "not all were published")
				.check();
		}
	}

	@Test
	void t5GroupIsLostWhileHandlersRun() {
		try (FaultBench bench = bench()) {
			bench.consumers(NODES);
			bench.add(40, Map.of("ms", "4000"));
			FaultBench.await(Duration.ofSeconds(10), () -> bench.count("START") >= 25);
			bench.redis().execute("XGROUP", "DESTROY", FaultBench.STREAM, FaultBench.GROUP);
			bench.addAtOnce(100, "");
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T5b", bench).groupWasLost().duplicatesAtMost(140).check();
		}
	}

	@Test
	void t6ServerFreezesWhileHandlersRun() {
		try (FaultBench bench = bench("--appendonly", "yes").configure("threads", 4)) {
			bench.consumers(NODES);
			bench.add(12, Map.of("ms", "22000"));
			FaultBench.await(Duration.ofSeconds(10), () -> bench.count("START") == 12);
			bench.server().freeze();
			FaultBench.pass(FaultBench.LEASE.multipliedBy(3));
			bench.server().resume();
			bench.add(12, Map.of("ms", "100"));
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T6", bench).duplicatesAtMost(0).deadLetters(0).check();
		}
	}

	@Test
	@Tag("long")
	void t6ServerIsDownWhileHandlersRun() {
		try (FaultBench bench = bench("--appendonly", "yes", "--appendfsync", "always").configure("threads", 4)) {
			bench.consumers(NODES);
			bench.add(12, Map.of("ms", "22000"));
			FaultBench.await(Duration.ofSeconds(10), () -> bench.count("START") == 12);
			bench.server().kill();
			FaultBench.pass(FaultBench.LEASE.multipliedBy(3));
			bench.server().restart();
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T6b", bench).duplicatesAtMost(0).deadLetters(0).check();
		}
	}

	@Test
	void t12ServerDropsItsClientsEverySecond() {
		try (FaultBench bench = bench()) {
			bench.consumers(NODES);
			NodeProcess producer = bench.producer(1_000_000, 200).awaitReady();
			int kills = FaultBench.size(60, 12);
			for (int i = 0; i < kills; i++) {
				FaultBench.pass(Duration.ofSeconds(1));
				bench.redis().execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
			}
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T12", bench).value("kills", kills).duplicatesAtMost(0).deadLetters(0).check();
		}
	}

	@Test
	@Tag("long")
	void t13ServerPausesItsClients() {
		try (FaultBench bench = bench()) {
			bench.consumers(NODES);
			NodeProcess producer = bench
				.producer(Arguments.none().with("count", 1_000_000).with("rate", 100).with("ms", 100))
				.awaitReady();
			for (String what : List.of("WRITE", "ALL")) {
				FaultBench.pass(Duration.ofSeconds(2));
				bench.redis().execute("CLIENT", "PAUSE", "10000", what);
				FaultBench.pass(Duration.ofMillis(10_500));
			}
			Duration resumed = bench.awaitStartAfter(System.nanoTime());
			FaultBench.pass(Duration.ofSeconds(3));
			producer.kill();
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T13", bench).duplicatesAtMost(0)
				.deadLetters(0)
				.value("resume", FaultReport.seconds(resumed))
				.check();
		}
	}

	@Test
	void t14ServerRefusesAcknowledgements() {
		try (FaultBench bench = bench()) {
			bench.consumers(NODES);
			bench.add(6, Map.of("ms", "2000"));
			bench.add(6, Map.of("ms", "20000"));
			FaultBench.await(Duration.ofSeconds(10), () -> bench.count("START") == 12);
			bench.redis().execute("CONFIG", "SET", "min-replicas-to-write", "1");
			FaultBench.pass(FaultBench.LEASE.multipliedBy(3));
			long handled = bench.count("DONE");
			bench.redis().execute("CONFIG", "SET", "min-replicas-to-write", "0");
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T14", bench).value("owed", handled).duplicatesAtMost(0).deadLetters(0).check();
		}
	}

	@Test
	void t15MemoryIsFull() {
		try (FaultBench bench = bench().configure("retries", 1)) {
			bench.consumers(NODES);
			bench.add(90, Map.of("ms", "500"));
			bench.add(10, Map.of("ms", "500", "do", "fail"));
			bench.redis().execute("CONFIG", "SET", "maxmemory", "1");
			FaultBench.await(Duration.ofSeconds(30),
					() -> bench.ledger().idsOf("DEAD_LETTER_REFUSED").size() == 10 && bench.count("DONE") == 90);
			FaultBench.pass(FaultBench.LEASE.multipliedBy(2));
			long pending = bench.redis().pendingCount(FaultBench.STREAM, FaultBench.GROUP);
			long dead = bench.redis().xlen(FaultBench.DEAD_LETTERS);
			bench.redis().execute("CONFIG", "SET", "maxmemory", "0");
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T15", bench).value("pendingMeanwhile", pending)
				.require(pending == 10 && dead == 0, "something was settled without its dead letter")
				.maxAttempts(2)
				.duplicatesAtMost(0)
				.deadLetters(10)
				.check();
		}
	}

	@Test
	void t20DeadLetterStreamIsSomethingElse() {
		try (FaultBench bench = bench().configure("retries", 1)) {
			List<NodeProcess> nodes = bench.consumers(NODES);
			bench.redis().execute("SET", FaultBench.DEAD_LETTERS, "a text");
			bench.add(90);
			bench.add(10, Map.of("do", "fail"));
			FaultBench.await(Duration.ofSeconds(30),
					() -> bench.ledger().idsOf("DEAD_LETTER_REFUSED").size() == 10 && bench.count("DONE") == 90);
			FaultBench.pass(FaultBench.LEASE.multipliedBy(2));
			long pending = bench.redis().pendingCount(FaultBench.STREAM, FaultBench.GROUP);
			long warnings = nodes.stream().mapToLong((node) -> lines(node, "Dead-lettering from")).sum();
			bench.redis().execute("DEL", FaultBench.DEAD_LETTERS);
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T20", bench).value("pendingMeanwhile", pending)
				.value("warnings", warnings)
				.require(pending == 10, "something was settled without its dead letter")
				.require(warnings > 0, "it was not reported")
				.maxAttempts(2)
				.duplicatesAtMost(0)
				.deadLetters(10)
				.check();
		}
	}

	private static long lines(NodeProcess node, String text) {
		return node.log().lines().filter((line) -> line.contains(text)).count();
	}

	private static FaultBench bench(String... serverArguments) {
		return FaultBench.start(serverArguments).configure("threads", THREADS).configure("read-count", READ_COUNT);
	}

}
