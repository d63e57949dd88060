package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One of three masters dies that have the partitions of a stream.
 */
@Tag("nodes")
@RedisTopologyTest
class PartitionsFailoverIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * Longest time without a message of a partition whose master is well, on a busy
	 * machine. A failover takes longer.
	 */
	private static final Duration STALLED = Duration.ofSeconds(3);

	private static final int PARTITIONS = 16;

	private static final int KEYS = 200;

	private final RedisCluster cluster;

	private final String stream = "orders" + System.nanoTime();

	private final Queue<Handled> handled = new ConcurrentLinkedQueue<>();

	private final Map<String, Integer> counts = new ConcurrentHashMap<>();

	private final AtomicInteger published = new AtomicInteger();

	private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();

	private final List<StreamListenerContainer> containers = new ArrayList<>();

	private NodesApplication application;

	private RedisStreamProducer producer;

	PartitionsFailoverIntegrationTests(RedisCluster cluster) {
		this.cluster = cluster;
	}

	@BeforeEach
	void start() {
		this.application = NodesApplication.on(this.cluster);
		this.producer = RedisStreamProducer.builder(this.application.factory)
			.options(ProducerOptions.defaults().withPartitions(this.stream, PARTITIONS))
			.build();
	}

	@AfterEach
	void close() {
		this.load.shutdownNow();
		this.containers.forEach(StreamListenerContainer::stop);
		this.producer.close();
		this.application.close();
		this.cluster.repair();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void losesNothingThatRedisKeptAndStallsNoOtherPartition(boolean ordered) {
		listen(ordered);
		listen(ordered);
		this.load.scheduleAtFixedRate(this::publish, 0, 2, TimeUnit.MILLISECONDS);
		await().atMost(PATIENCE).until(() -> partitions().size() == PARTITIONS);
		List<String> partitions = partitions();
		await().atMost(PATIENCE)
			.until(() -> partitions.stream().allMatch((partition) -> this.counts.getOrDefault(partition, 0) > 20));
		RedisServerProcess victim = this.cluster.masterOf(partitions.get(0));
		Set<String> moved = new HashSet<>(partitions);
		moved.removeIf((partition) -> this.cluster.masterOf(partition) != victim);
		assertThat(moved).hasSizeBetween(5, 6);

		long killed = System.nanoTime();
		victim.kill();
		this.cluster.awaitMasterOf(partitions.get(0));
		Map<String, Integer> before = Map.copyOf(this.counts);
		await().atMost(PATIENCE)
			.until(() -> partitions.stream().allMatch((one) -> this.counts.get(one) > before.get(one) + 20));
		long resumed = System.nanoTime();
		this.load.shutdownNow();

		Map<String, Map<String, String>> kept = new HashMap<>();
		for (String partition : partitions) {
			kept.put(partition, kept(partition));
		}
		Set<String> keptIds = new HashSet<>();
		kept.forEach((partition, ids) -> ids.keySet().forEach((id) -> keptIds.add(partition + " " + id)));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.handled.stream().map(Handled::place)).containsAll(keptIds));
		Duration longest = longestGap(partitions.stream().filter((one) -> !moved.contains(one)).toList(), killed,
				resumed);
		System.out.println("ordered " + ordered + ": published " + this.published + ", kept " + keptIds.size()
				+ ", resumed after " + Duration.ofNanos(resumed - killed) + ", longest gap of others " + longest);
		assertThat(longest).isLessThan(STALLED);
		if (ordered) {
			kept.forEach(this::assertInOrder);
		}
	}

	private void listen(boolean ordered) {
		StreamListenerContainer container = StreamListenerContainer.create(this.application.factory, Subscription
			.of(this.stream, "billing", (message, acknowledgment) -> handle(message.stream(), message.id().getValue()))
			.withOptions(ContainerOptions.defaults()
				.withOrdered(ordered)
				.withPartitions(PARTITIONS)
				.withLease(Duration.ofSeconds(5))
				.withClaimInterval(Duration.ofSeconds(1))));
		this.containers.add(container);
		container.start();
	}

	private void handle(String partition, String id) {
		this.handled.add(new Handled(partition, id, System.nanoTime()));
		this.counts.merge(partition, 1, Integer::sum);
	}

	private void publish() {
		int number = this.published.incrementAndGet();
		this.producer.publishAsync(this.stream, Integer.toString(number),
				PublishOptions.defaults().withKey("customer-" + number % KEYS));
	}

	private List<String> partitions() {
		return this.containers.get(0).getSubscription().partitions();
	}

	/**
	 * Return the keys of what Redis has, by id, in the order of the partition.
	 */
	private Map<String, String> kept(String partition) {
		Map<String, String> kept = new LinkedHashMap<>();
		for (Object entry : (List<?>) this.cluster.execute(partition, "XRANGE", partition, "-", "+")) {
			List<?> fields = (List<?>) ((List<?>) entry).get(1);
			kept.put(String.valueOf(((List<?>) entry).get(0)), String.valueOf(fields.get(fields.indexOf("__KEY") + 1)));
		}
		return kept;
	}

	private Duration longestGap(List<String> partitions, long from, long to) {
		Map<String, Long> last = new HashMap<>();
		partitions.forEach((partition) -> last.put(partition, from));
		long longest = 0;
		for (Handled one : this.handled) {
			if (last.containsKey(one.partition) && one.nanos > from && one.nanos < to) {
				longest = Math.max(longest, one.nanos - last.put(one.partition, one.nanos));
			}
		}
		for (long time : last.values()) {
			longest = Math.max(longest, to - time);
		}
		return Duration.ofNanos(longest);
	}

	/**
	 * The first successes of what Redis kept are in the order of the partition, per key.
	 */
	private void assertInOrder(String partition, Map<String, String> keys) {
		Map<String, List<String>> expected = new HashMap<>();
		keys.forEach((id, key) -> expected.computeIfAbsent(key, (any) -> new ArrayList<>()).add(id));
		Map<String, Set<String>> actual = new HashMap<>();
		for (Handled one : this.handled) {
			String key = one.partition.equals(partition) ? keys.get(one.id) : null;
			if (key != null) {
				actual.computeIfAbsent(key, (any) -> new LinkedHashSet<>()).add(one.id);
			}
		}
		expected.forEach(
				(key, ids) -> assertThat(actual.get(key)).as(partition + " " + key).containsExactlyElementsOf(ids));
	}

	private record Handled(String partition, String id, long nanos) {

		String place() {
			return this.partition + " " + this.id;
		}

	}

}
