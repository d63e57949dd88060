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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.PublishResult;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
	void numberThatSomebodyElseAnnouncedIsUsedOnlyIfItKeepsTheOrder() {
		String layout = "{" + this.stream + "}:partitions";
		listen(4);
		await().atMost(PATIENCE).until(() -> this.redis.execute("HGET", layout, "count"), Objects::nonNull);
		this.redis.execute("HSET", layout, "raising", "6");

		listen(8);

		await().atMost(PATIENCE).until(() -> count() != 4);
		assertThat(count()).isEqualTo(8);
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
			LockSupport.parkNanos(200_000);
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
			List<CompletableFuture<?>> open = new ArrayList<>();
			for (int key = 0; key < 10; key++) {
				PublishOptions options = PublishOptions.defaults().withKey(name + key);
				producer.publish(this.stream, number + 5, options);
				for (int i = 6; i < 30; i++) {
					open.add(producer.publishAsync(this.stream, number + i, options));
				}
			}
			CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)).join();
			number += 30;
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

	@Test
	void repetitionsAreRecognisedAcrossTheChange() {
		PublishOptions once = PublishOptions.defaults().withIdempotencyId("order-7");
		try (RedisStreamProducer first = producer(4)) {
			RecordId id = first.publish(this.stream, "x", once);
			try (RedisStreamProducer second = producer(8)) {
				assertThat(second.publish(this.stream, "x", once)).isEqualTo(id);
				assertThat(second.newSession().add(this.stream, "x", once).commit()).containsExactly(id);
				PublishOptions later = PublishOptions.defaults().withIdempotencyId("order-8");
				RecordId new1 = second.publish(this.stream, "y", later);
				assertThat(first.publish(this.stream, "y", later)).isEqualTo(new1);
			}
			assertThat(first.publish(this.stream, "x", once)).isEqualTo(id);
		}

		assertThat(count()).isEqualTo(8);
	}

	@Test
	void deadLettersOfSealedPartitionsComeBackInThePartitionOfTheirKey() {
		AtomicBoolean mended = new AtomicBoolean();
		StreamHandler handler = (message, acknowledgment) -> {
			if (!mended.get()) {
				throw new IllegalStateException("no stock");
			}
			this.handled.add(message);
		};
		StreamListenerContainer container = this.nodes.add()
			.start(Subscription.of(this.stream, "billing", handler)
				.withRedelivery(Redelivery.defaults().withRetryCount(0))
				.withOptions(Nodes.quick().withPartitions(4)));
		try (RedisStreamProducer producer = producer(4);
				StreamAdmin admin = StreamAdmin.create(this.redis.connectionFactory())) {
			for (int i = 0; i < 20; i++) {
				producer.publish(this.stream, "m" + i, PublishOptions.defaults().withKey("customer-" + i));
			}
			List<String> partitions = layout().subList(0, 4);
			await().atMost(PATIENCE)
				.until(() -> partitions.stream()
					.mapToLong((partition) -> admin.deadLetters(partition, IdRange.all(), 100).size())
					.sum() == 20);
			try (RedisStreamProducer raising = producer(8)) {
				raising.publish(this.stream, "raised", PublishOptions.defaults().withKey("customer-0"));
			}
			mended.set(true);

			assertThat(partitions.stream().mapToLong(admin::redriveAll).sum()).isEqualTo(20);

			await().atMost(PATIENCE).until(() -> this.handled.size() >= 20);
			assertThat(payloads()).contains(IntStream.range(0, 20).mapToObj((i) -> "m" + i).toArray(String[]::new));
			assertThat(this.handled).allMatch((message) -> message.stream().contains("orders:2:"));
			assertThat(partitions).allMatch((partition) -> admin.deadLetters(partition, IdRange.all(), 100).isEmpty());
			await().atMost(PATIENCE).until(() -> container.getSubscription().partitions().size() == 12);
		}
	}

	@Test
	void sealedPartitionsGoWhenAllGroupsHaveHandledAllOfThem() {
		listen(4);
		try (RedisStreamProducer producer = producer(4)) {
			for (int i = 0; i < 20; i++) {
				producer.publish(this.stream, "m" + i);
			}
			List<String> partitions = layout().subList(0, 4);
			this.redis.execute("XGROUP", "CREATE", partitions.get(0), "slow", "0");
			StreamListenerContainer container = listen(8);
			await().atMost(PATIENCE).until(() -> count() == 8);
			await().atMost(PATIENCE).until(() -> this.handled.size() == 20);
			this.redis.execute("HSET", "{" + this.stream + "}:partitions", "since", "1");

			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(partitions).filteredOn(this::exists).containsExactly(partitions.get(0)));
			assertThat(container.getSubscription().partitions()).hasSize(12);
			this.redis.execute("XGROUP", "DESTROY", partitions.get(0), "slow");

			await().atMost(PATIENCE).until(() -> partitions.stream().noneMatch(this::exists));
			await().atMost(PATIENCE).until(() -> container.getSubscription().partitions().size() == 8);
			producer.publish(this.stream, "by an old route", PublishOptions.defaults().withKey("customer-1"));
			await().atMost(PATIENCE).until(() -> payloads().contains("by an old route"));
			assertThat(partitions).noneMatch(this::exists);
		}
	}

	private boolean exists(String key) {
		return this.redis.execute("EXISTS", key).equals(1L);
	}

	@Test
	void lostLayoutIsWrittenAgain() {
		try (RedisStreamProducer producer = producer(4); RedisStreamProducer raising = producer(8)) {
			producer.publish(this.stream, "first");
			raising.publish(this.stream, "second");
			listen(8);
			await().atMost(PATIENCE).until(() -> this.handled.size() == 2);

			List<String> before = layout();
			this.redis.execute("DEL", "{" + this.stream + "}:partitions");

			await().atMost(PATIENCE).until(() -> exists("{" + this.stream + "}:partitions"));
			assertThat(layout()).isEqualTo(before);
			producer.publish(this.stream, "third");
			await().atMost(PATIENCE).until(() -> payloads().contains("third"));
		}
	}

	@Test
	void damagedLayoutRejectsTheMessagesOfItsStreamOnly() {
		String other = this.stream + "-other";
		try (RedisStreamProducer producer = RedisStreamProducer.builder(this.redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, 4).withPartitions(other, 4))
			.build()) {
			await().atMost(PATIENCE).until(() -> exists("{" + other + "}:partitions"));
		}
		this.redis.execute("HSET", "{" + this.stream + "}:partitions", "count", "many");
		try (RedisStreamProducer producer = RedisStreamProducer.builder(this.redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, 4).withPartitions(other, 4))
			.build()) {
			ProducerSession session = producer.newSession()
				.add(this.stream, "refused")
				.add(other, "sent")
				.add(this.stream + "-plain", "sent");

			assertThatExceptionOfType(PublishException.class).isThrownBy(session::commit)
				.withMessageContaining("is no layout of partitions")
				.satisfies((ex) -> assertThat(ex.results()).extracting(PublishResult::status)
					.containsExactly(PublishResult.Status.REJECTED, PublishResult.Status.SENT,
							PublishResult.Status.SENT));
			assertThat(session.commitAsync()).failsWithin(PATIENCE);
		}
	}

	private List<String> layout() {
		return IntStream.range(0, count())
			.mapToObj((i) -> String
				.valueOf(this.redis.execute("HGET", "{" + this.stream + "}:partitions", String.valueOf(i))))
			.toList();
	}

}
