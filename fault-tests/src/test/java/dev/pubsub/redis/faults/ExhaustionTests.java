package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Processes and servers that run out of something: memory, threads, room for replies,
 * entries.
 */
@Tag("faults")
class ExhaustionTests {

	private static final int THREADS = 10;

	private static final int READ_COUNT = 32;

	/**
	 * There are no threads now and then, and handlers end with errors.
	 */
	@Test
	void t34ProcessRunsOutOfThreads() {
		try (FaultBench bench = FaultBench.start().configure("threads", THREADS).configure("read-count", READ_COUNT)) {
			List<NodeProcess> nodes = bench.consumers(2);
			NodeProcess producer = bench.producer(1_000_000, 100).awaitReady();
			int rounds = FaultBench.size(20, 4);
			for (int i = 0; i < rounds; i++) {
				bench.add(3, Map.of("do", "error"));
				bench.add(3, Map.of("fails", "1"));
				nodes.forEach((node) -> node.tell("no threads"));
				FaultBench.pass(Duration.ofSeconds(1));
				nodes.forEach((node) -> node.tell("threads"));
				FaultBench.pass(Duration.ofSeconds(1));
			}
			producer.kill();
			nodes.get(0).kill();
			bench.add(20, Map.of("fails", "1"));
			bench.awaitSettled(Duration.ofSeconds(60));

			FaultReport report = new FaultReport("T34", bench);
			report.value("rounds", rounds)
				.require(report.ledger().handled() + 3 * rounds == report.ledger().published(), "not all were handled")
				.duplicatesAtMost(THREADS + READ_COUNT)
				.deadLetters(3 * rounds)
				.check();
		}
	}

	/**
	 * Handlers that acknowledge themselves have more messages than may be undecided.
	 */
	@Test
	void t35ManyThreadsAreBusyBeforeTheyAcknowledge() {
		int threads = FaultBench.size(2300, 1150);
		int readCount = FaultBench.size(128, 64);
		try (FaultBench bench = FaultBench.start()
			.configure("ack", "MANUAL")
			.configure("threads", threads)
			.configure("read-count", readCount)) {
			NodeProcess node = bench.consumer().awaitReady();
			bench.addAtOnce(threads, "", "ms", "6000");
			FaultBench.await(Duration.ofSeconds(20), () -> bench.count("START") == threads || bench.count("DONE") > 0);
			long busy = bench.count("START") - bench.count("DONE");
			bench.awaitSettled(Duration.ofSeconds(60));

			new FaultReport("T35", bench).value("busy", busy)
				.value("undecidedAtMost", 16 * readCount)
				.require(busy == threads, "it stopped reading while threads were idle")
				.require(!node.log().contains("stops reading"), "it says that it stops reading")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	/**
	 * Each reply that brings a message is more than the server keeps for a client: it
	 * ends the connection instead.
	 */
	@Test
	void t37EachReplyEndsItsConnection() {
		try (FaultBench bench = FaultBench.start().configure("lease", 20_000)) {
			NodeProcess node = bench.consumer().awaitReady();
			bench.add(1);
			bench.awaitSettled(Duration.ofSeconds(10));
			TestRedis redis = bench.redis();
			String before = limit(redis, "normal 18000 0 0");
			long connections = connections(redis);
			long linesBefore = node.log().lines().count();
			long start = System.nanoTime();
			bench.add(200, Map.of("payload", "x".repeat(20_000)));
			FaultBench.pass(Duration.ofSeconds(FaultBench.size(15, 6)));
			double seconds = (System.nanoTime() - start) / 1e9;
			double perSecond = (connections(redis) - connections) / seconds;
			long lines = node.log().lines().count() - linesBefore;
			// From here on, some fit into a reply.
			limit(redis, "normal 2000000 0 0");
			bench.awaitSettled(Duration.ofSeconds(60));
			limit(redis, before);

			new FaultReport("T37", bench).value("connectionsPerSecond", "%.1f".formatted(perSecond))
				.value("lines", lines)
				.require(perSecond <= 20, "it spins")
				.require(lines <= 20, "too many log lines")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.check();
		}
	}

	/**
	 * Entries that a dead consumer left were trimmed: each is lost, and told of.
	 */
	@Test
	void t38PendingEntriesWereTrimmed() {
		try (FaultBench bench = FaultBench.start().configure("lease", 1000)) {
			int count = FaultBench.size(200_000, 20_000);
			leave(bench, count, Map.of());
			bench.redis().execute("XTRIM", FaultBench.STREAM, "MAXLEN", "0");
			NodeProcess node = bench.consumer().awaitReady();
			bench.awaitSettled(Duration.ofSeconds(120));
			long lines = node.log().lines().filter((line) -> line.contains(" WARN ")).count();

			FaultReport report = new FaultReport("T38", bench);
			long told = report.ledger().idsOf("PAYLOAD_LOST").size();
			report.value("told", told)
				.value("warnings", lines)
				.require(told == count, "not all are told of")
				.require(lines >= 1 && lines <= 20, "there is a line for each, or none")
				.deadLetters(0)
				.check();
		}
	}

	/**
	 * All that a dead consumer left has one attempt left: each may be the one that ended
	 * it, and yet they are not attempted one by one.
	 */
	@Test
	void t39EntriesWithOneAttemptLeftAreClaimed() {
		try (FaultBench bench = FaultBench.start()
			.configure("lease", 1000)
			.configure("threads", 10)
			.configure("retries", 1)) {
			int count = FaultBench.size(1000, 200);
			leave(bench, count, Map.of("ms", "50"));
			FaultBench.pass(Duration.ofSeconds(1));
			bench.consumer().awaitReady();
			bench.awaitSettled(Duration.ofSeconds(120));

			FaultReport report = new FaultReport("T39", bench);
			long first = report.ledger().entries("START").mapToLong(Journal.Entry::nanos).min().orElse(0);
			long last = report.ledger().entries("DONE").mapToLong(Journal.Entry::nanos).max().orElse(0);
			report.within("recovery", Duration.ofNanos(last - first), Duration.ofMillis(count * 50L / 3))
				.require(report.ledger().handled() == count, "not all were handled")
				.duplicatesAtMost(0)
				.deadLetters(0)
				.maxAttempts(1)
				.check();
		}
	}

	/**
	 * Have entries pending for a consumer that will never come back.
	 */
	private static void leave(FaultBench bench, int count, Map<String, String> fields) {
		TestRedis redis = bench.redis();
		redis.execute("XGROUP", "CREATE", FaultBench.STREAM, FaultBench.GROUP, "0", "MKSTREAM");
		Map.Entry<String, String> field = fields.entrySet().stream().findFirst().orElse(Map.entry("n", "0"));
		for (int left = count; left > 0; left -= 5000) {
			bench.addAtOnce(Math.min(left, 5000), "", field.getKey(), field.getValue());
		}
		redis.execute("EVAL",
				"local read = redis.call('XREADGROUP', 'GROUP', ARGV[1], 'gone', 'COUNT', ARGV[2], 'STREAMS', KEYS[1], '>')"
						+ " return #read[1][2]",
				"1", FaultBench.STREAM, FaultBench.GROUP, Integer.toString(count));
	}

	private static String limit(TestRedis redis, String limit) {
		String before = String.valueOf(redis.executeForList("CONFIG", "GET", "client-output-buffer-limit").get(1));
		redis.execute("CONFIG", "SET", "client-output-buffer-limit", limit);
		return before;
	}

	private static long connections(TestRedis redis) {
		return String.valueOf(redis.execute("INFO", "stats"))
			.lines()
			.filter((line) -> line.startsWith("total_connections_received:"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
			.sum();
	}

}
