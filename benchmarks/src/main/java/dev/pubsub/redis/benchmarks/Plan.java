package dev.pubsub.redis.benchmarks;

import java.util.ArrayList;
import java.util.List;

import static dev.pubsub.redis.benchmarks.Settings.BYTES;
import static dev.pubsub.redis.benchmarks.Settings.HANDLER_MILLIS;
import static dev.pubsub.redis.benchmarks.Settings.HEAP;
import static dev.pubsub.redis.benchmarks.Settings.KEYS;
import static dev.pubsub.redis.benchmarks.Settings.LEASE_SECONDS;
import static dev.pubsub.redis.benchmarks.Settings.MEASURE_MILLIS;
import static dev.pubsub.redis.benchmarks.Settings.MESSAGES;
import static dev.pubsub.redis.benchmarks.Settings.MESSAGES_PER_SECOND;
import static dev.pubsub.redis.benchmarks.Settings.ORDERED;
import static dev.pubsub.redis.benchmarks.Settings.REPEATS;
import static dev.pubsub.redis.benchmarks.Settings.SUBSCRIPTIONS;
import static dev.pubsub.redis.benchmarks.Settings.THREADS;
import static dev.pubsub.redis.benchmarks.Settings.WARM_UP;
import static dev.pubsub.redis.benchmarks.Settings.WARM_UP_MILLIS;

/**
 * What is measured, and how much of it.
 */
final class Plan {

	private static final String PER_SECOND = "messages/s";

	private static final String MICROS = "µs";

	private static final String UTILISATION = "share of threads × 1 s / handler time";

	private static final String COMMANDS = "commands/s per subscription";

	/**
	 * One read of two seconds after the other.
	 */
	private static final double IDLE_COMMANDS = 0.5;

	private Plan() {
	}

	/**
	 * Return one that touches most classes, and ends at once.
	 */
	static List<Benchmark> first() {
		return List.of(consume("consume-json",
				Settings.of(BYTES, 100, WARM_UP, 500, WARM_UP_MILLIS, 1000, MESSAGES, 500, MEASURE_MILLIS, 1000)));
	}

	/**
	 * Return those that every run has, in a size that takes a few seconds each.
	 */
	static List<Benchmark> quick() {
		Settings times = Settings.of(BYTES, 100, WARM_UP_MILLIS, 300, MEASURE_MILLIS, 400);
		return List.of(
				consume("consume-json",
						Settings.of(BYTES, 100, WARM_UP, 150_000, WARM_UP_MILLIS, 1500, MESSAGES, 150_000,
								MEASURE_MILLIS, 700)),
				publish(times).only(Side.OURS, Side.LIMIT),
				latency(times.with(Settings.of(WARM_UP, 4000, MESSAGES_PER_SECOND, 1000, MEASURE_MILLIS, 1000)))
					.only(Side.OURS, Side.LIMIT),
				sleepy("handler-20ms", 10, 20, times.with(MEASURE_MILLIS, 1000)).in(Benchmark.Jvm.LAZY),
				idle(500, times.with(MEASURE_MILLIS, 2000)).in(Benchmark.Jvm.LAZY),
				startup(1).only(Side.OURS, Side.LIMIT),
				recover("recover-pending",
						Settings.of(BYTES, 100, MESSAGES, 10_000, MEASURE_MILLIS, 3000, LEASE_SECONDS, 1))
					.only(Side.OURS));
	}

	/**
	 * Return those that every run has.
	 */
	static List<Benchmark> standard() {
		return List.of(consume("consume-json", consumeSettings(100)),
				publish(Settings.of(BYTES, 100, WARM_UP_MILLIS, 3000, MEASURE_MILLIS, 2000)),
				latency(Settings.of(BYTES, 100, MESSAGES_PER_SECOND, 1000, WARM_UP, 50_000, WARM_UP_MILLIS, 8000,
						MEASURE_MILLIS, 10_000)),
				sleepy("handler-20ms", 10, 20, Settings.of(WARM_UP_MILLIS, 2000, MEASURE_MILLIS, 5000)),
				idle(500, Settings.of(WARM_UP_MILLIS, 60_000, MEASURE_MILLIS, 20_000)).only(Side.OURS, Side.PEER)
					.mostRounds(3),
				recover("recover-pending",
						Settings.of(BYTES, 100, MESSAGES, 100_000, MEASURE_MILLIS, 60_000, LEASE_SECONDS, 2)),
				recover("recover-running", Settings.of(BYTES, 100, WARM_UP, 150_000, MESSAGES, 300_000, MEASURE_MILLIS,
						60_000, LEASE_SECONDS, 2)),
				startup(3));
	}

	/**
	 * Return what shows how cost grows, in fewer rounds: many subscriptions in one, since
	 * each takes long and differs little.
	 */
	static List<Benchmark> more() {
		List<Benchmark> more = new ArrayList<>();
		workloads().forEach((benchmark) -> more.add(benchmark.mostRounds(3)));
		manySubscriptions().forEach((benchmark) -> more.add(benchmark.mostRounds(1)));
		return more;
	}

	private static List<Benchmark> workloads() {
		List<Benchmark> more = new ArrayList<>();
		for (int threads : new int[] { 1, 4, 16 }) {
			Settings settings = consumeSettings(100).with(THREADS, threads);
			more.add(consume("consume-json-threads-" + threads, settings).only(Side.OURS));
			more.add(consume("consume-json-virtual-" + threads, settings).only(Side.OURS).virtual());
		}
		// Messages of 1,000 keys, with and without order: what order costs.
		Settings keys = consumeSettings(100).with(KEYS, 1000);
		more.add(consume("consume-json-keys", keys).only(Side.OURS));
		more.add(consume("consume-json-ordered", keys.with(ORDERED, true)).only(Side.OURS));
		more.add(consume("consume-json-1k", consumeSettings(1024)));
		more.add(consume("consume-json-16k", consumeSettings(16 * 1024)));
		more.add(consume("backlog-1m", Settings.of(BYTES, 100, WARM_UP, 1, WARM_UP_MILLIS, 1, MESSAGES, 999_999,
				MEASURE_MILLIS, 120_000, HEAP, true))
			.only(Side.OURS)
			.in(Benchmark.Jvm.SMALL));
		Settings short1 = Settings.of(WARM_UP_MILLIS, 2000, MEASURE_MILLIS, 5000);
		more.add(sleepy("handler-1ms", 10, 1, short1));
		more.add(sleepy("handler-20ms-virtual-1000", 1000, 20, short1).virtual());
		more.add(Benchmark.of("cron", Settings.of(MEASURE_MILLIS, 20_000), Figure.of("cron-lateness-p99", "ms", "p99"))
			.only(Side.OURS));
		return more;
	}

	private static List<Benchmark> manySubscriptions() {
		List<Benchmark> more = new ArrayList<>();
		Settings idle = Settings.of(WARM_UP_MILLIS, 20_000, MEASURE_MILLIS, 20_000);
		for (int subscriptions : new int[] { 1, 10, 100 }) {
			more.add(idle(subscriptions, idle).only(Side.OURS, Side.PEER));
		}
		more.add(subscriptions("idle-500-virtual", 500, idle).virtual());
		for (int subscriptions : new int[] { 1, 10, 100, 500 }) {
			more.add(subscriptions("busy-" + subscriptions, subscriptions, idle.with(MESSAGES_PER_SECOND, 1000))
				.only(Side.OURS, Side.PEER));
		}
		return more;
	}

	private static Settings consumeSettings(int bytes) {
		int messages = (bytes <= 100) ? 600_000 : (bytes <= 1024) ? 200_000 : 20_000;
		return Settings.of(BYTES, bytes, WARM_UP, messages * 2 / 3, WARM_UP_MILLIS, 4000, MESSAGES, messages,
				MEASURE_MILLIS, 4000);
	}

	private static Benchmark consume(String name, Settings settings) {
		return Benchmark.of("consume", settings, Figure.of(name, PER_SECOND, "rate"));
	}

	private static Benchmark publish(Settings settings) {
		return Benchmark.of("publish", settings, Figure.of("publish-sync", PER_SECOND, "sync"),
				Figure.of("publish-async", PER_SECOND, "async"), Figure.of("publish-session", PER_SECOND, "session"));
	}

	private static Benchmark latency(Settings settings) {
		return Benchmark.of("latency", settings, Figure.of("latency-p50", MICROS, "p50"),
				Figure.of("latency-p99", MICROS, "p99"), Figure.of("latency-p999", MICROS, "p999"));
	}

	/**
	 * Return a benchmark of handlers that wait.
	 */
	private static Benchmark sleepy(String name, int threads, int handlerMillis, Settings times) {
		int perSecond = threads * 1000 / handlerMillis;
		int millis = times.number(WARM_UP_MILLIS) + times.number(MEASURE_MILLIS);
		Settings settings = times.with(Settings.of(BYTES, 100, WARM_UP, 2 * perSecond * millis / 1000, MESSAGES, 1,
				THREADS, threads, HANDLER_MILLIS, handlerMillis));
		return new Benchmark("consume", List.of(Side.OURS), settings,
				List.of(Figure.ideal(name, UTILISATION, "utilisation", 1)), Benchmark.Jvm.ORDINARY);
	}

	private static Benchmark idle(int subscriptions, Settings times) {
		return subscriptions("idle-" + subscriptions, subscriptions, times);
	}

	private static Benchmark subscriptions(String name, int subscriptions, Settings times) {
		Figure figure = name.startsWith("idle") ? Figure.ideal(name, COMMANDS, "commandsPerSubscription", IDLE_COMMANDS)
				: Figure.of(name, COMMANDS, "commandsPerSubscription");
		return new Benchmark("subscriptions", List.of(Side.OURS), times.with(SUBSCRIPTIONS, subscriptions),
				List.of(figure), Benchmark.Jvm.ORDINARY);
	}

	private static Benchmark recover(String name, Settings settings) {
		return Benchmark.of("recover", settings, Figure.of(name, PER_SECOND, "rate")).only(Side.OURS, Side.LIMIT);
	}

	/**
	 * Return the cost at startup. {@link Side#LIMIT} is the application without the
	 * starter, {@link Side#PEER} has what else the starter brings, but not the library.
	 */
	private static Benchmark startup(int repeats) {
		return Benchmark.of(Benchmark.STARTUP, Settings.of(REPEATS, repeats),
				Figure.of("startup", "ms added", "millis"));
	}

}
