package dev.pubsub.redis.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.test.FaultProxy;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.TestRedis;
import io.lettuce.core.RedisCommandExecutionException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.util.FileSystemUtils;

/**
 * A server, a network, processes and their records, for one test. Ends all of them. Not
 * thread-safe.
 */
final class FaultBench implements AutoCloseable {

	static final Duration LEASE = Duration.ofSeconds(5);

	static final String STREAM = "orders";

	static final String GROUP = "workers";

	static final String DEAD_LETTERS = "{orders}:dlq";

	private final RedisServerProcess server;

	private final FaultProxy proxy;

	private final Path directory;

	private final List<NodeProcess> nodes = new ArrayList<>();

	private final Set<String> added = new HashSet<>();

	private Arguments defaults = Arguments.none();

	private FaultBench(RedisServerProcess server, Path directory) {
		this.server = server;
		this.proxy = FaultProxy.to(server.host(), server.port());
		this.directory = directory;
	}

	static FaultBench start(String... serverArguments) {
		try {
			return new FaultBench(RedisServerProcess.start(serverArguments),
					Files.createTempDirectory("pubsub-faults-"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the size to use: the first in a full run, the second in a short one.
	 */
	static int size(int full, int brief) {
		return isShort() ? brief : full;
	}

	static boolean isShort() {
		return System.getProperty("faults", "full").equals("short");
	}

	RedisServerProcess server() {
		return this.server;
	}

	TestRedis redis() {
		return this.server.redis();
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	FaultBench configure(String name, Object value) {
		this.defaults = this.defaults.with(name, value);
		return this;
	}

	/**
	 * Start a consumer that talks to the server through the proxy.
	 */
	NodeProcess consumer() {
		return start(ConsumerNode.class, "consumer", Arguments.none());
	}

	NodeProcess consumer(Arguments more) {
		return start(ConsumerNode.class, "consumer", more);
	}

	/**
	 * Start several consumers and wait until all of them read.
	 */
	List<NodeProcess> consumers(int count) {
		List<NodeProcess> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			started.add(consumer());
		}
		started.forEach(NodeProcess::awaitReady);
		return started;
	}

	/**
	 * Start a producer that talks to the server directly.
	 */
	NodeProcess producer(int count, int rate) {
		return producer(Arguments.none().with("count", count).with("rate", rate));
	}

	NodeProcess producer(Arguments more) {
		return start(ProducerNode.class, "producer", Arguments.none().with("url", this.server.url()).with(more));
	}

	/**
	 * Start a process that fires a cron job every second.
	 * @param offset how many seconds its clock is fast
	 */
	NodeProcess cron(int offset) {
		return start(CronNode.class, "cron", Arguments.none().with("offset", offset));
	}

	/**
	 * Start an application that talks to the server directly.
	 */
	NodeProcess hostile() {
		return start(HostileNode.class, "hostile", Arguments.none().with("url", this.server.url()));
	}

	private NodeProcess start(Class<?> main, String kind, Arguments more) {
		Arguments all = Arguments.none()
			.with("url", this.proxy.url())
			.with("stream", STREAM)
			.with("group", GROUP)
			.with("lease", LEASE.toMillis())
			.with(this.defaults)
			.with(more);
		NodeProcess node = NodeProcess.start(main, kind + this.nodes.size(), this.directory, all);
		this.nodes.add(node);
		return node;
	}

	/**
	 * Add entries from here.
	 * @param count how many
	 * @param fields what is in them
	 * @return their ids
	 */
	List<String> add(int count, Map<String, String> fields) {
		List<String> ids = new ArrayList<>();
		Map<String, String> all = new HashMap<>(fields);
		for (int i = 0; i < count; i++) {
			all.put("t", Long.toString(System.nanoTime()));
			String id = redis().xadd(STREAM, all);
			ids.add(id);
			this.added.add(id);
		}
		return ids;
	}

	List<String> add(int count) {
		return add(count, Map.of());
	}

	/**
	 * Wait until everything in the stream was delivered and settled.
	 */
	void awaitSettled(Duration atMost) {
		try {
			await(atMost, () -> isSettled());
		}
		catch (ConditionTimeoutException ex) {
			System.out.println("Not settled: " + redis().execute("XINFO", "GROUPS", STREAM) + " "
					+ redis().execute("XPENDING", STREAM, GROUP, "-", "+", "10"));
			dumpLogs();
		}
	}

	private boolean isSettled() {
		try {
			return streams().stream().allMatch(this::isSettled);
		}
		catch (RedisCommandExecutionException ex) {
			return false;
		}
	}

	private boolean isSettled(String stream) {
		List<Object> last = redis().executeForList("XREVRANGE", stream, "+", "-", "COUNT", "1");
		boolean delivered = last.isEmpty() || lastDelivered(stream).equals(((List<?>) last.get(0)).get(0));
		// In this order: what is delivered between the two looks is pending at the
		// second.
		return delivered && redis().pendingCount(stream, GROUP) == 0;
	}

	/**
	 * Return the stream, and its partitions if it has any.
	 */
	List<String> streams() {
		List<String> streams = new ArrayList<>(List.of(STREAM));
		List<Object> layout = redis().executeForList("HGETALL", "{orders}:partitions");
		for (int i = 0; i < layout.size(); i += 2) {
			if (Character.isDigit(String.valueOf(layout.get(i)).charAt(0))) {
				streams.add(String.valueOf(layout.get(i + 1)));
			}
		}
		return streams;
	}

	String lastDelivered() {
		return lastDelivered(STREAM);
	}

	private String lastDelivered(String stream) {
		for (Object group : redis().executeForList("XINFO", "GROUPS", stream)) {
			List<?> fields = (List<?>) group;
			if (fields.get(1).equals(GROUP)) {
				return String.valueOf(fields.get(fields.indexOf("last-delivered-id") + 1));
			}
		}
		return "";
	}

	static void await(Duration atMost, Callable<Boolean> condition) {
		Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).atMost(atMost).until(condition);
	}

	/**
	 * Let time pass: the fault lasts, and there is nothing to wait for.
	 */
	static void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	/**
	 * Return the process that was the last one to own the ordered stream.
	 */
	NodeProcess owner() {
		return this.nodes.stream()
			.max(Comparator.comparingLong((node) -> node.entries()
				.stream()
				.filter((entry) -> entry.what().equals("GAINED") && entry.id().equals(STREAM))
				.mapToLong(Journal.Entry::nanos)
				.max()
				.orElse(Long.MIN_VALUE)))
			.orElseThrow();
	}

	List<Journal.Entry> entries() {
		return this.nodes.stream().flatMap((node) -> node.entries().stream()).toList();
	}

	long count(String what) {
		return entries().stream().filter((entry) -> entry.what().equals(what)).count();
	}

	Ledger ledger() {
		List<Journal.Entry> entries = entries();
		Set<String> published = new HashSet<>(this.added);
		Map<String, Integer> dead = new HashMap<>();
		List<String> streams = streams();
		if (streams.size() > 1) {
			published.clear();
			published.addAll(keys().keySet());
			streams.forEach((stream) -> addDeadLetters(stream + ":dlq", stream + "/", dead));
		}
		else {
			entries.stream()
				.filter((entry) -> entry.what().equals("SENT"))
				.forEach((entry) -> published.add(entry.id()));
		}
		addDeadLetters(DEAD_LETTERS, "", dead);
		return new Ledger(entries, published, dead);
	}

	private void addDeadLetters(String stream, String prefix, Map<String, Integer> dead) {
		try {
			for (Object letter : redis().executeForList("XRANGE", stream, "-", "+")) {
				List<?> fields = (List<?>) ((List<?>) letter).get(1);
				dead.merge(prefix + fields.get(fields.indexOf("__DLQ_ID") + 1), 1, Integer::sum);
			}
		}
		catch (RedisCommandExecutionException ex) {
			// The dead-letter stream is something else in this test.
		}
	}

	/**
	 * Return the keys of all messages in Redis, in the order of the stream or, by their
	 * partition and id, of each partition.
	 */
	Map<String, String> keys() {
		Map<String, String> keys = new LinkedHashMap<>();
		List<String> streams = streams();
		for (String stream : streams) {
			String prefix = (streams.size() > 1) ? stream + "/" : "";
			String from = "-";
			for (List<Object> page = page(stream, from); !page.isEmpty(); page = page(stream, from)) {
				for (Object entry : page) {
					List<?> fields = (List<?>) ((List<?>) entry).get(1);
					String id = String.valueOf(((List<?>) entry).get(0));
					keys.put(prefix + id, String.valueOf(fields.get(fields.indexOf("__KEY") + 1)));
					from = "(" + id;
				}
			}
		}
		return keys;
	}

	private List<Object> page(String stream, String from) {
		return redis().executeForList("XRANGE", stream, from, "+", "COUNT", "5000");
	}

	/**
	 * Add entries in one step, after another command in the same step.
	 * @param before a command as Lua calls it, such as {@code 'DEL', KEYS[1]}, or an
	 * empty text
	 */
	void addAtOnce(int count, String before) {
		addAtOnce(count, before, "n", "1");
	}

	void addAtOnce(int count, String before, String name, String value) {
		String first = before.isEmpty() ? "" : "redis.call(" + before + ") ";
		List<Object> ids = redis().executeForList("EVAL",
				first + "local ids = {} for i = 1, ARGV[1] do"
						+ " ids[i] = redis.call('XADD', KEYS[1], '*', ARGV[2], ARGV[3]) end return ids",
				"1", STREAM, Integer.toString(count), name, value);
		ids.forEach((id) -> this.added.add(String.valueOf(id)));
	}

	/**
	 * Return the time of the first start after the given one.
	 */
	long firstStartAfter(long nanos) {
		return entries().stream()
			.filter((entry) -> entry.what().equals("START") && entry.nanos() > nanos)
			.mapToLong(Journal.Entry::nanos)
			.min()
			.orElse(Long.MAX_VALUE);
	}

	/**
	 * Wait for the first start after the given time.
	 * @return how long after it the start was
	 */
	Duration awaitStartAfter(long nanos) {
		try {
			await(Duration.ofSeconds(30), () -> firstStartAfter(nanos) != Long.MAX_VALUE);
		}
		catch (ConditionTimeoutException ex) {
			return Duration.ofSeconds(30);
		}
		return Duration.ofNanos(firstStartAfter(nanos) - nanos);
	}

	void dumpLogs() {
		for (NodeProcess node : this.nodes) {
			String log = node.log();
			System.out.println("--- " + node.name() + "\n" + log.substring(Math.max(0, log.length() - 4000)));
		}
	}

	@Override
	public void close() {
		this.nodes.forEach(NodeProcess::close);
		this.proxy.close();
		this.server.close();
		if (!Boolean.getBoolean("faults.keep")) {
			FileSystemUtils.deleteRecursively(this.directory.toFile());
		}
	}

}
