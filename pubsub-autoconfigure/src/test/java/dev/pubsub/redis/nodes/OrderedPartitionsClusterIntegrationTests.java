package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.ContainerOwnership;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One stream over three masters, in order per key.
 */
@RedisTopologyTest
class OrderedPartitionsClusterIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int PARTITIONS = 16;

	private static final int KEYS = 64;

	private final RedisCluster cluster;

	private final String stream = "orders" + System.nanoTime();

	private final Map<String, List<Integer>> handled = new ConcurrentHashMap<>();

	private final Set<String> running = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

	private final AtomicInteger published = new AtomicInteger();

	private final CountDownLatch release = new CountDownLatch(1);

	private final CountDownLatch never = new CountDownLatch(1);

	private final List<StreamListenerContainer> containers = new CopyOnWriteArrayList<>();

	private NodesApplication application;

	private RedisStreamProducer producer;

	OrderedPartitionsClusterIntegrationTests(RedisCluster cluster) {
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
		this.release.countDown();
		this.containers.forEach(StreamListenerContainer::stop);
		this.producer.close();
		this.application.close();
	}

	@Test
	void instancesComeAndGoWithoutHandlingAMessageTwice() throws Exception {
		await().atMost(PATIENCE).ignoreExceptions().until(() -> publish() == 0);
		CompletableFuture<Void> publisher = CompletableFuture.runAsync(this::publishUntilReleased);
		StreamListenerContainer first = listen();
		awaitBalance(first);
		assertThat(mastersOf(first)).as("masters of all partitions").isEqualTo(3);
		StreamListenerContainer second = listen();
		StreamListenerContainer third = listen();
		awaitBalance(first, second, third);
		first.stop();
		awaitBalance(second, third);

		this.release.countDown();
		publisher.get(60, TimeUnit.SECONDS);

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.handled.values().stream().mapToInt(List::size).sum())
				.isEqualTo(this.published.get()));
		assertThat(this.handled).hasSize(KEYS)
			.allSatisfy((key, numbers) -> assertThat(numbers).as(key).doesNotHaveDuplicates().isSorted());
		assertThat(this.overlaps).isEmpty();
	}

	private StreamListenerContainer listen() {
		StreamListenerContainer container = StreamListenerContainer.create(this.application.factory,
				Subscription.of(this.stream, "billing", this::handle)
					.withOptions(ContainerOptions.defaults()
						.withPartitions(PARTITIONS)
						.withOrdered(true)
						.withLease(Duration.ofSeconds(5))
						.withClaimInterval(Duration.ofMillis(500))));
		this.containers.add(container);
		container.start();
		return container;
	}

	private void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) throws Exception {
		String key = String.valueOf(message.key());
		if (!this.running.add(key)) {
			this.overlaps.add(key);
		}
		this.never.await(1, TimeUnit.MILLISECONDS);
		this.handled.computeIfAbsent(key, (any) -> new CopyOnWriteArrayList<>())
			.add(Integer.parseInt(String.valueOf(message.payload().getText("payload"))));
		this.running.remove(key);
	}

	private void publishUntilReleased() {
		while (this.release.getCount() > 0) {
			publish();
		}
	}

	private int publish() {
		int number = this.published.get();
		this.producer.publish(this.stream, Integer.toString(number),
				PublishOptions.defaults().withKey("customer-" + number % KEYS));
		return this.published.getAndIncrement();
	}

	private List<String> owned(StreamListenerContainer container) {
		Map<String, ContainerOwnership> ownerships = container.getOwnerships();
		return container.getSubscription()
			.partitions()
			.stream()
			.filter((partition) -> ownerships.containsKey(partition) && ownerships.get(partition).isHere())
			.toList();
	}

	private int mastersOf(StreamListenerContainer container) {
		return owned(container).stream().map(this.cluster::masterOf).collect(Collectors.toSet()).size();
	}

	private void awaitBalance(StreamListenerContainer... instances) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			List<Integer> sizes = Stream.of(instances).map((instance) -> owned(instance).size()).toList();
			assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(PARTITIONS);
			assertThat(sizes).allSatisfy((size) -> assertThat(size).isBetween(PARTITIONS / instances.length,
					(PARTITIONS + instances.length - 1) / instances.length));
		});
	}

}
