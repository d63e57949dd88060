package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.OwnershipChange;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A stream that is spread over several, in order per key.
 */
class OrderedPartitionsIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int KEYS = 40;

	private final Map<String, List<Integer>> handled = new ConcurrentHashMap<>();

	private final Set<String> running = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

	private final AtomicInteger atOnce = new AtomicInteger();

	private final AtomicInteger mostAtOnce = new AtomicInteger();

	private final List<OwnershipChange> changes = new CopyOnWriteArrayList<>();

	private final CountDownLatch never = new CountDownLatch(1);

	private int published;

	@AutoClose
	private final RedisStreamProducer producer;

	OrderedPartitionsIntegrationTests(TestRedis redis) {
		super(redis);
		this.producer = RedisStreamProducer.builder(redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, 4))
			.build();
	}

	@Test
	void twoInstancesShareThePartitionsAndKeepTheOrderOfEachKey() {
		publish(400);
		StreamListenerContainer first = start().registry.getContainers().iterator().next();
		StreamListenerContainer second = start().registry.getContainers().iterator().next();

		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(owned(first)).hasSize(2);
			assertThat(owned(second)).hasSize(2);
		});
		publish(400);

		awaitAll();
		assertInOrder();
		assertThat(first.getOwnerships()).containsOnlyKeys(withStream(partitions(first)));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(tokens(first)).containsExactlyInAnyOrderEntriesOf(tokens(second)));
		assertThat(first.getOwnerships().values()).extracting(ContainerOwnership::standby).containsOnly(1);
	}

	private static List<String> owned(StreamListenerContainer container) {
		return container.getOwnerships()
			.entrySet()
			.stream()
			.filter((ownership) -> ownership.getValue().isHere())
			.map(Map.Entry::getKey)
			.filter((stream) -> !stream.equals(container.getSubscription().stream()))
			.toList();
	}

	private static Map<String, Long> tokens(StreamListenerContainer container) {
		Map<String, Long> tokens = new HashMap<>();
		container.getOwnerships().forEach((stream, ownership) -> tokens.put(stream, ownership.token()));
		return tokens;
	}

	private String[] withStream(List<String> partitions) {
		List<String> all = new ArrayList<>(partitions);
		all.add(this.stream);
		return all.toArray(String[]::new);
	}

	private static List<String> partitions(StreamListenerContainer container) {
		return container.getSubscription().partitions();
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			String key = "customer-" + this.published % KEYS;
			this.producer.publish(this.stream, Integer.toString(this.published),
					PublishOptions.defaults().withKey(key));
			this.published++;
		}
	}

	private ContainerFixture start() {
		return start(this::handle);
	}

	private ContainerFixture start(StreamHandler handler) {
		ContainerFixture node = this.nodes.addObserved(new StreamObserver() {

			@Override
			public void onEvent(MessageEvent event) {
				// The handler has told.
			}

			@Override
			public void onOwnershipChange(OwnershipChange change) {
				OrderedPartitionsIntegrationTests.this.changes.add(change);
			}

		});
		node.start(Subscription.of(this.stream, "billing", handler)
			.withOptions(Nodes.quick().withThreads(4).withPartitions(4).withOrdered(true)));
		return node;
	}

	private void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) throws Exception {
		String key = String.valueOf(message.key());
		if (!this.running.add(key)) {
			this.overlaps.add(key);
		}
		this.mostAtOnce.accumulateAndGet(this.atOnce.incrementAndGet(), Math::max);
		this.never.await(1, TimeUnit.MILLISECONDS);
		this.handled.computeIfAbsent(key, (any) -> new CopyOnWriteArrayList<>())
			.add(Integer.parseInt(String.valueOf(message.payload().getText("payload"))));
		this.atOnce.decrementAndGet();
		this.running.remove(key);
	}

	private void awaitAll() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.handled.values().stream().mapToInt(List::size).sum())
				.isEqualTo(this.published));
	}

	private void assertInOrder() {
		assertThat(this.handled).hasSize(KEYS)
			.allSatisfy((key, numbers) -> assertThat(numbers).doesNotHaveDuplicates().isSorted());
		assertThat(this.overlaps).isEmpty();
	}

}
