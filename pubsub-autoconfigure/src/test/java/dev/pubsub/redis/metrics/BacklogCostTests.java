package dev.pubsub.redis.metrics;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.sun.management.OperatingSystemMXBean;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.monitor.BacklogMonitor;
import dev.pubsub.redis.test.RedisServerProcess;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the gauges of 500 subscriptions cost, when the code is compiled: processor time of
 * this process and of Redis, per round, as a share of the default interval.
 */
@Tag("faults")
class BacklogCostTests {

	private static final int SUBSCRIPTIONS = 500;

	private static final int WARM_UP = 150;

	private static final int ROUNDS = 50;

	private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(15);

	private static final double MOST_PERCENT = 0.5;

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private final AtomicInteger rounds = new AtomicInteger();

	@Test
	void gaugesOf500SubscriptionsCostLessThanHalfAPercentOfACore() {
		List<Subscription> subscriptions = IntStream.range(0, SUBSCRIPTIONS)
			.mapToObj((i) -> Subscription.of("orders-" + i, "billing", (message, acknowledgment) -> {
			}))
			.toList();
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (RedisServerProcess server = RedisServerProcess.start();
				BackgroundThreads threads = BackgroundThreads.platform();
				StreamConnections connections = StreamConnections.to(server.redis().connectionFactory(), threads);
				BacklogMonitor monitor = BacklogMonitor.create(connections, () -> {
					this.rounds.incrementAndGet();
					return subscriptions;
				}, Duration.ofMillis(100))) {
			subscriptions.forEach((subscription) -> fill(server, subscription));
			BacklogGauges gauges = new BacklogGauges(registry, monitor::getBacklog, Clock.systemUTC());
			subscriptions.forEach(gauges::show);
			monitor.start();
			awaitRounds(WARM_UP);
			int begin = this.rounds.get();
			long here = SYSTEM.getProcessCpuTime();
			double there = redisSeconds(server);

			awaitRounds(begin + ROUNDS);

			int counted = this.rounds.get() - begin;
			double client = percent((SYSTEM.getProcessCpuTime() - here) / 1e9 / counted);
			double redis = percent((redisSeconds(server) - there) / counted);
			monitor.stop();
			double scrape = percent(scrapeSeconds(registry));
			System.out.printf(
					"Gauges of %d subscriptions every %s: %.3f %% of a core here, %.3f %% in Redis, "
							+ "and %.3f %% to write them for Prometheus%n",
					SUBSCRIPTIONS, DEFAULT_INTERVAL, client, redis, scrape);
			assertThat(client + redis + scrape).isLessThan(MOST_PERCENT);
		}
	}

	/**
	 * Some entries are read, some pending, some not read, some were given up.
	 */
	private static void fill(RedisServerProcess server, Subscription subscription) {
		server.redis()
			.execute("EVAL",
					"for i = 1, 10 do redis.call('XADD', KEYS[1], '*', 'payload', string.rep('x', 200)) end "
							+ "redis.call('XGROUP', 'CREATE', KEYS[1], 'billing', '0') "
							+ "redis.call('XREADGROUP', 'GROUP', 'billing', 'c1', 'COUNT', 5, 'STREAMS', KEYS[1], '>') "
							+ "redis.call('XADD', KEYS[2], '*', 'payload', string.rep('x', 200))",
					"2", subscription.stream(), String.valueOf(subscription.deadLetterStream()));
	}

	private void awaitRounds(int count) {
		await().atMost(Duration.ofMinutes(5)).until(() -> this.rounds.get() >= count);
	}

	private static double scrapeSeconds(PrometheusMeterRegistry registry) {
		IntStream.range(0, WARM_UP).forEach((i) -> registry.scrape());
		long begin = SYSTEM.getProcessCpuTime();
		IntStream.range(0, ROUNDS).forEach((i) -> registry.scrape());
		return (SYSTEM.getProcessCpuTime() - begin) / 1e9 / ROUNDS;
	}

	private static double percent(double seconds) {
		return 100 * seconds / DEFAULT_INTERVAL.toSeconds();
	}

	private static double redisSeconds(RedisServerProcess server) {
		Matcher matcher = Pattern.compile("used_cpu_(?:sys|user):([0-9.]+)")
			.matcher(String.valueOf(server.send("INFO", "cpu")));
		return matcher.results().mapToDouble((found) -> Double.parseDouble(found.group(1))).sum();
	}

}
