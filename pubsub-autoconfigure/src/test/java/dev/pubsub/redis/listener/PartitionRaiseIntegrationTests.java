package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A stream gets more partitions while it is used.
 */
class PartitionRaiseIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Queue<StreamMessage<EntryFields>> handled = new ConcurrentLinkedQueue<>();

	PartitionRaiseIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private RedisStreamProducer producer(int partitions) {
		return RedisStreamProducer.builder(this.redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, partitions))
			.build();
	}

	private StreamListenerContainer listen(int partitions) {
		return this.nodes.add()
			.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> this.handled.add(message))
				.withOptions(Nodes.quick().withPartitions(partitions)));
	}

	private List<String> payloads() {
		return this.handled.stream().map((message) -> message.payload().getText("payload")).toList();
	}

	private int count() {
		return Integer
			.parseInt(String.valueOf(this.redis.execute("HGET", "{" + this.stream + "}:partitions", "count")));
	}

	@Test
	void nothingIsLostOrDoubledWhenTheCountIsRaisedUnderLoad() throws Exception {
		Set<String> published = new HashSet<>();
		try (RedisStreamProducer producer = producer(4)) {
			StreamListenerContainer container = listen(4);
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(producer, done, published));
			await().atMost(PATIENCE).until(() -> this.handled.size() > 2_000);

			listen(8);
			await().atMost(PATIENCE).until(() -> count() == 8);
			int eight = this.handled.size();
			await().atMost(PATIENCE).until(() -> this.handled.size() > eight + 2_000);
			listen(16);
			await().atMost(PATIENCE).until(() -> count() == 16);
			int sixteen = this.handled.size();
			await().atMost(PATIENCE).until(() -> this.handled.size() > sixteen + 2_000);
			done.set(true);
			publishing.get();

			await().atMost(PATIENCE).until(() -> this.handled.size() >= published.size());
			await().during(Duration.ofSeconds(3)).until(() -> this.handled.size() >= published.size());
			assertThat(new HashSet<>(payloads())).isEqualTo(published);
			assertThat(this.handled).hasSameSizeAs(published);
			assertThat(container.getSubscription().partitions()).hasSize(4 + 8 + 16);
		}
	}

	@Test
	void messagesOfAKeyKeepTheirOrderWhenTheCountIsRaisedUnderLoad() throws Exception {
		Map<String, List<Integer>> handledByKey = new ConcurrentHashMap<>();
		Set<String> running = ConcurrentHashMap.newKeySet();
		Set<String> overlaps = ConcurrentHashMap.newKeySet();
		Set<String> streams = ConcurrentHashMap.newKeySet();
		StreamHandler handler = (message, acknowledgment) -> {
			String key = Objects.requireNonNull(message.key());
			if (!running.add(key)) {
				overlaps.add(key);
			}
			streams.add(message.stream());
			TimeUnit.MICROSECONDS.sleep(500);
			handledByKey.computeIfAbsent(key, (any) -> Collections.synchronizedList(new ArrayList<>()))
				.add(Integer.valueOf(message.payload().getText("payload")));
			running.remove(key);
		};
		AtomicBoolean done = new AtomicBoolean();
		try (RedisStreamProducer producer = producer(4)) {
			listenInOrder(4, handler);
			listenInOrder(4, handler);
			List<CompletableFuture<Integer>> publishing = IntStream.range(0, 3)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> publishInOrder(producer, done, "customer" + i)))
				.toList();
			for (int count : new int[] { 4, 8, 16 }) {
				listenInOrder(count, handler);
				await().atMost(PATIENCE).until(() -> count() == count);
				String generation = ":" + (Integer.numberOfTrailingZeros(count) - 1) + ":";
				await().atMost(PATIENCE)
					.until(() -> streams.stream()
						.filter((stream) -> stream.contains("orders" + generation))
						.count() > 3);
			}
			done.set(true);
			int sequences = 0;
			for (CompletableFuture<Integer> each : publishing) {
				sequences += each.get();
			}
			int published = 10 * sequences;
			await().atMost(PATIENCE)
				.until(() -> handledByKey.values().stream().mapToInt(List::size).sum() >= published);
			await().during(Duration.ofSeconds(2))
				.until(() -> handledByKey.values().stream().mapToInt(List::size).sum() == published);
		}

		assertThat(overlaps).isEmpty();
		assertThat(handledByKey).hasSize(30)
			.allSatisfy((key, numbers) -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
	}

	private void listenInOrder(int partitions, StreamHandler handler) {
		this.nodes.add()
			.start(Subscription.of(this.stream, "billing", handler)
				.withOptions(Nodes.quick().withPartitions(partitions).withOrdered(true)));
	}

	/**
	 * Publish numbers under ten keys.
	 * @return how many under each
	 */
	private int publishInOrder(RedisStreamProducer producer, AtomicBoolean done, String name) {
		int number = 0;
		while (!done.get()) {
			ProducerSession session = producer.newSession();
			for (int key = 0; key < 10; key++) {
				for (int i = 0; i < 5; i++) {
					session.add(this.stream, number + i, PublishOptions.defaults().withKey(name + key));
				}
			}
			session.commit();
			for (int key = 0; key < 10; key++) {
				producer.publish(this.stream, number + 5, PublishOptions.defaults().withKey(name + key));
			}
			number += 6;
		}
		return number;
	}

	private void publish(RedisStreamProducer producer, AtomicBoolean done, Set<String> published) {
		for (int i = 0; !done.get(); i++) {
			PublishOptions key = PublishOptions.defaults().withKey("customer-" + i % 100);
			List<CompletableFuture<?>> open = new ArrayList<>();
			for (int j = 0; j < 20; j++) {
				open.add(producer.publishAsync(this.stream, "async" + i + "-" + j, key));
				published.add("async" + i + "-" + j);
			}
			ProducerSession session = producer.newSession();
			for (int j = 0; j < 20; j++) {
				session.add(this.stream, "session" + i + "-" + j, key);
				published.add("session" + i + "-" + j);
			}
			session.commit();
			producer.publish(this.stream, "single" + i, key);
			producer.publish(this.stream, "turn" + i);
			producer.publish(this.stream, "once" + i, key.withIdempotencyId("id" + i));
			published.addAll(Set.of("single" + i, "turn" + i, "once" + i));
			CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)).join();
		}
	}

}
