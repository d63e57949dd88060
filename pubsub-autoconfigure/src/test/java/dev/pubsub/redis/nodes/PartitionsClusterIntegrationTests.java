package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One stream over three masters.
 */
@RedisTopologyTest
class PartitionsClusterIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final RedisCluster cluster;

	private final String stream = "orders" + System.nanoTime();

	private final Queue<StreamMessage<EntryFields>> handled = new ConcurrentLinkedQueue<>();

	private final List<StreamListenerContainer> containers = new ArrayList<>();

	private NodesApplication application;

	private RedisStreamProducer producer;

	PartitionsClusterIntegrationTests(RedisCluster cluster) {
		this.cluster = cluster;
	}

	@BeforeEach
	void start() {
		this.application = NodesApplication.on(this.cluster);
		this.producer = RedisStreamProducer.builder(this.application.factory)
			.options(ProducerOptions.defaults().withPartitions(this.stream, 16))
			.build();
	}

	@AfterEach
	void close() {
		this.containers.forEach(StreamListenerContainer::stop);
		this.producer.close();
		this.application.close();
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler)
			.withOptions(ContainerOptions.defaults()
				.withPartitions(16)
				.withLease(Duration.ofSeconds(5))
				.withClaimInterval(Duration.ofSeconds(1)));
	}

	private StreamListenerContainer listen(StreamHandler handler) {
		StreamListenerContainer container = StreamListenerContainer.create(this.application.factory,
				subscription(handler).withRedelivery(Redelivery.defaults().withRetryCount(0)));
		this.containers.add(container);
		container.start();
		return container;
	}

	private Map<RedisServerProcess, Long> messagesByMaster(List<String> partitions) {
		return partitions.stream()
			.collect(Collectors.groupingBy(this.cluster::masterOf,
					Collectors.summingLong((partition) -> (Long) this.cluster.execute(partition, "XLEN", partition))));
	}

	@Test
	void partitionsAndMessagesSpreadEvenlyOverMasters() {
		StreamListenerContainer container = listen((message, acknowledgment) -> this.handled.add(message));
		ProducerSession session = this.producer.newSession();
		List<CompletableFuture<RecordId>> ids = new ArrayList<>();
		Set<String> published = new HashSet<>();
		for (int i = 0; i < 400; i++) {
			PublishOptions key = PublishOptions.defaults().withKey("customer-" + i);
			this.producer.publish(this.stream, "single" + i, key);
			this.producer.publish(this.stream, "once" + i, key.withIdempotencyId("id" + i));
			ids.add(this.producer.publishAsync(this.stream, "async" + i, key));
			session.add(this.stream, "session" + i, key);
			published.addAll(List.of("single" + i, "once" + i, "async" + i, "session" + i));
		}

		assertThat(session.commit()).hasSize(400);

		assertThat(CompletableFuture.allOf(ids.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		await().atMost(PATIENCE).until(() -> this.handled.size() >= published.size());
		assertThat(this.handled).extracting((message) -> message.payload().getText("payload"))
			.containsExactlyInAnyOrderElementsOf(published);
		List<String> partitions = container.getSubscription().partitions();
		assertThat(partitions.stream().collect(Collectors.groupingBy(this.cluster::masterOf, Collectors.counting())))
			.hasSize(3)
			.allSatisfy((master, count) -> assertThat(count).isBetween(5L, 6L));
		assertThat(messagesByMaster(partitions)).allSatisfy((master, count) -> assertThat(count).isBetween(400L, 680L));
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);
	}

	@Test
	void deadLettersAndMessagesOfDeadConsumersStayInTheirSlots() {
		for (int i = 0; i < 160; i++) {
			this.producer.publish(this.stream, "m" + i, PublishOptions.defaults().withKey("customer-" + i));
		}
		List<String> partitions = layout();
		for (String partition : partitions) {
			this.cluster.execute(partition, "XGROUP", "CREATE", partition, "billing", "0");
			this.cluster.execute(partition, "XREADGROUP", "GROUP", "billing", "dead", "COUNT", "3", "STREAMS",
					partition, ">");
		}
		listen((message, acknowledgment) -> {
			if (this.handled.size() < 80) {
				this.handled.add(message);
				throw new IllegalStateException("no stock");
			}
			this.handled.add(message);
		});

		try (StreamAdmin admin = StreamAdmin.create(this.application.factory)) {
			await().atMost(PATIENCE).until(() -> this.handled.size() > 80 && pending(partitions) == 0);
			long letters = partitions.stream()
				.mapToLong((partition) -> admin.deadLetters(partition, IdRange.all(), 1000).size())
				.sum();
			assertThat(letters).isPositive();
			long before = this.handled.size();
			partitions.forEach(admin::redriveAll);
			await().atMost(PATIENCE).until(() -> this.handled.size() == before + letters && pending(partitions) == 0);
		}
		assertThat(this.handled.stream().map((message) -> message.payload().getText("payload")).distinct())
			.hasSize(160);
	}

	private List<String> layout() {
		String key = "{" + this.stream + "}:partitions";
		List<String> partitions = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			partitions.add(String.valueOf(this.cluster.execute(key, "HGET", key, String.valueOf(i))));
		}
		return partitions;
	}

	private long pending(List<String> partitions) {
		return partitions.stream()
			.mapToLong(
					(partition) -> (Long) ((List<?>) this.cluster.execute(partition, "XPENDING", partition, "billing"))
						.get(0))
			.sum();
	}

}
