package dev.pubsub.redis.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.AddOptions;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamCommands;
import dev.pubsub.redis.internal.redis.StreamConnections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything that somebody may write to a stream who means harm, against an application
 * with a small heap: each entry ends somewhere, and another subscription does not notice.
 */
@Tag("faults")
class HostileEntriesTests {

	/**
	 * How many groups read a stream.
	 */
	private static final Map<String, Integer> GROUPS = Map.of("hostile", 5, "large", 2);

	private static final int HEAP_MB = 128;

	private static final int ROUNDS = 5;

	/**
	 * Messages of the neighbour per round, 10 ms apart.
	 */
	private static final int ROUND = FaultBench.size(1200, 600);

	/**
	 * Time between two entries, so that all come during the rounds.
	 */
	private static final Duration PAUSE = Duration.ofMillis(FaultBench.size(600, 450));

	/**
	 * How many milliseconds a message may always take: about as long as the server and a
	 * process with two cores need to pass on one entry of 8 MB.
	 */
	private static final double ONE_LARGE_ENTRY = 20;

	/**
	 * How many lines the neighbour may write: none but on a machine that is so busy that
	 * the server stays silent for two seconds while it copies a large entry.
	 */
	private static final int ONE_OUTAGE = 6;

	private final Map<String, String> last = new ConcurrentHashMap<>();

	private volatile long expected;

	@Test
	void everyEntryEndsAndNeighboursDoNotNotice() throws Exception {
		try (FaultBench bench = FaultBench.start()
			.configure("lease", 5000)
			.configure("heap", HEAP_MB)
			.configure("collector", "-XX:+UseG1GC")) {
			NodeProcess node = bench.hostile().awaitReady();
			rounds(bench, () -> true);
			List<Double> before = rounds(bench, node, "before");
			int linesBefore = lines(node).size();

			FutureTask<Void> attack = new FutureTask<>(() -> {
				attack(bench);
				return null;
			});
			new Thread(attack, "attacker").start();
			List<Double> during = rounds(bench, node, "during");
			attack.get(60, TimeUnit.SECONDS);
			rounds(bench, () -> unsettled(bench).isEmpty());
			List<String> lines = new ArrayList<>(lines(node));
			lines.subList(0, linesBefore).clear();
			node.tell("cost");
			FaultBench.await(Duration.ofSeconds(10), () -> node.has("COST"));

			long used = node.entries()
				.stream()
				.filter((entry) -> entry.what().equals("COST"))
				.mapToLong((entry) -> Long.parseLong(entry.detail()))
				.max()
				.orElseThrow();
			double perEntry = (double) lines.size() / this.expected;
			System.out.printf(
					"HOSTILE entries=%d p99Before=%.1fms p99During=%.1fms heapAfter=%dMB linesPerEntry=%.2f%n",
					this.expected, median(before), median(during), used >> 20, perEntry);
			assertThat(node.isAlive()).isTrue();
			assertThat(unsettled(bench)).as("Entries that did not end").isEmpty();
			assertThat(handled(node) + bench.redis().xlen("{hostile}:dlq") + bench.redis().xlen("{large}:dlq"))
				.as("Handled or dead-lettered")
				.isGreaterThanOrEqualTo(this.expected);
			assertThat(lines).noneMatch((line) -> line.contains("OutOfMemoryError") || line.contains("heap space"));
			assertThat(lines.stream().filter((line) -> line.contains("neighbour"))).as("What the neighbour noticed")
				.hasSizeLessThanOrEqualTo(ONE_OUTAGE);
			assertThat(perEntry).isLessThanOrEqualTo(2);
			assertThat(used).isLessThan((HEAP_MB / 2L) << 20);
			assertThat(quiet(during)).as("p99 of the neighbour in ms, in the second-best of %d rounds", ROUNDS)
				.isLessThanOrEqualTo(Math.max(2 * median(before), ONE_LARGE_ENTRY));
		}
	}

	/**
	 * Add all entries, evenly over the time of the measurement.
	 */
	private void attack(FaultBench bench) throws Exception {
		BackgroundThreads threads = BackgroundThreads.platform();
		try (StreamConnections connections = StreamConnections.to(bench.server().url(),
				LettuceClientConfiguration.builder().build(), threads)) {
			RedisLink link = connections.open("hostile", Duration.ofSeconds(60));
			link.awaitConnection(Duration.ofSeconds(5));
			StreamCommands commands = new StreamCommands(link);
			add(commands, "hostile", EntryFields.ofText(Map.of("payload", "{}")), "0-1");
			for (EntryFields entry : HostileEntries.all().values()) {
				add(commands, "hostile", entry, null);
			}
			for (int i = 0; i < FaultBench.size(40, 12); i++) {
				addLarge(commands, 8_000_000);
			}
			addLarge(commands, 40_000_000);
			addLarge(commands, FaultBench.size(120, 80) * 1_000_000);
			addLarge(commands, 10);
			add(commands, "hostile", EntryFields.ofText(Map.of("payload", "{}")), "9223372036854775808-0");
			add(commands, "hostile", EntryFields.ofText(Map.of("payload", "{}")),
					"18446744073709551615-18446744073709551615");
		}
		finally {
			threads.close();
		}
	}

	private void add(StreamCommands commands, String stream, EntryFields fields, String id)
			throws InterruptedException, ExecutionException, TimeoutException {
		AddOptions options = new AddOptions(id, null, null, true, false, true, null);
		FaultBench.pass(PAUSE);
		this.last.put(stream, String.valueOf(commands.add(stream, fields, options).get(60, TimeUnit.SECONDS)));
		this.expected += GROUPS.get(stream);
	}

	private void addLarge(StreamCommands commands, int size)
			throws InterruptedException, ExecutionException, TimeoutException {
		byte[] payload = new byte[size];
		Arrays.fill(payload, (byte) 'x');
		payload[0] = '"';
		payload[size - 1] = '"';
		add(commands, "large", EntryFields.of("payload".getBytes(StandardCharsets.UTF_8), payload), null);
	}

	/**
	 * Publish for the neighbour until a condition holds, and at most for a while.
	 */
	private static void rounds(FaultBench bench, BooleanSupplier done) {
		long end = System.nanoTime() + Duration.ofSeconds(FaultBench.size(240, 120)).toNanos();
		do {
			publish(bench);
		}
		while (!done.getAsBoolean() && System.nanoTime() < end);
	}

	private static List<Double> rounds(FaultBench bench, NodeProcess node, String phase) {
		List<Double> percentiles = new ArrayList<>();
		for (int i = 0; i < ROUNDS; i++) {
			Set<String> ids = publish(bench);
			FaultBench.await(Duration.ofSeconds(30), () -> ages(node, ids).length == ids.size());
			double[] ages = ages(node, ids);
			percentiles.add(ages[(int) (ages.length * 0.99)]);
		}
		System.out.println("HOSTILE p99 " + phase + " in ms: " + percentiles);
		return percentiles;
	}

	private static Set<String> publish(FaultBench bench) {
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < ROUND; i++) {
			ids.add(bench.redis().xadd("neighbour", Map.of("t", Long.toString(System.nanoTime()))));
			FaultBench.pass(Duration.ofMillis(10));
		}
		return ids;
	}

	private static double[] ages(NodeProcess node, Set<String> ids) {
		return node.entries()
			.stream()
			.filter((entry) -> entry.what().equals("NEIGHBOUR") && ids.contains(entry.id()))
			.mapToDouble((entry) -> Long.parseLong(entry.detail()) / 1000.0)
			.sorted()
			.toArray();
	}

	/**
	 * Return what others on the machine disturbed least: they only make a round longer.
	 * What the library does in each round shows in all of them.
	 */
	private static double quiet(List<Double> rounds) {
		return rounds.stream().sorted().skip(1).findFirst().orElseThrow();
	}

	private static double median(List<Double> values) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		return sorted[sorted.length / 2];
	}

	/**
	 * Return the groups that have not settled everything.
	 */
	private List<?> unsettled(FaultBench bench) {
		return this.last.entrySet()
			.stream()
			.flatMap((last) -> bench.redis()
				.executeForList("XINFO", "GROUPS", last.getKey())
				.stream()
				.map((group) -> (List<?>) group)
				.filter((group) -> !value(group, "pending").equals("0")
						|| !value(group, "last-delivered-id").equals(last.getValue())))
			.toList();
	}

	private static String value(List<?> group, String name) {
		return String.valueOf(group.get(group.indexOf(name) + 1));
	}

	private static long handled(NodeProcess node) {
		return node.entries()
			.stream()
			.filter((entry) -> entry.what().equals("HANDLED"))
			.map((entry) -> entry.id() + " " + entry.detail())
			.distinct()
			.count();
	}

	/**
	 * Return the lines of the log, without stack traces.
	 */
	private static List<String> lines(NodeProcess node) {
		return Arrays.asList(node.log().split("\n"));
	}

}
