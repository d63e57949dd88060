package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.producer.ProducerOptions;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.PublishResult;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.LogLines;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A stream that is spread over several, without order.
 */
class PartitionsIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Queue<StreamMessage<EntryFields>> handled = new ConcurrentLinkedQueue<>();

	@AutoClose
	private RedisStreamProducer producer;

	PartitionsIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@BeforeEach
	void open() {
		this.producer = producer(4);
	}

	private RedisStreamProducer producer(int partitions) {
		return RedisStreamProducer.builder(this.redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, partitions))
			.build();
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler).withOptions(Nodes.quick().withPartitions(4));
	}

	private StreamListenerContainer record() {
		return this.nodes.add().start(subscription((message, acknowledgment) -> this.handled.add(message)));
	}

	private static PublishOptions key(int i) {
		return PublishOptions.defaults().withKey("customer-" + i);
	}

	private List<String> payloads() {
		return this.handled.stream().map(PartitionsIntegrationTests::payload).toList();
	}

	private static String payload(StreamMessage<EntryFields> message) {
		return String.valueOf(message.payload().getText("payload"));
	}

	private List<String> partitions() {
		List<Object> layout = this.redis.executeForList("HMGET", "{" + this.stream + "}:partitions", "0", "1", "2",
				"3");
		return layout.stream().map(String::valueOf).toList();
	}

	@Test
	void messagesOfOneKeyShareAPartitionHoweverTheyArePublished() {
		ProducerSession session = this.producer.newSession();
		Set<String> published = new HashSet<>();
		for (int i = 0; i < 50; i++) {
			this.producer.publish(this.stream, "single" + i, key(i));
			this.producer.publishAsync(this.stream, "async" + i, key(i));
			session.add(this.stream, "session" + i, key(i));
			this.producer.publish(this.stream, "once" + i, key(i).withIdempotencyId("id" + i));
			published.addAll(List.of("single" + i, "async" + i, "session" + i, "once" + i));
		}
		assertThat(session.commit()).hasSize(50);

		StreamListenerContainer container = record();

		await().atMost(PATIENCE).until(() -> this.handled.size() >= published.size());
		assertThat(payloads()).containsExactlyInAnyOrderElementsOf(published);
		Map<String, Set<String>> streams = new HashMap<>();
		this.handled.forEach(
				(message) -> streams.computeIfAbsent(message.key(), (any) -> new HashSet<>()).add(message.stream()));
		assertThat(streams).hasSize(50).allSatisfy((key, stream) -> assertThat(stream).hasSize(1));
		assertThat(container.getSubscription().partitions()).hasSize(4).isEqualTo(partitions());
		assertThat(this.redis.xlen(this.stream)).isZero();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(partitions())
				.allSatisfy((partition) -> assertThat(this.redis.pendingCount(partition, "billing")).isZero()));
	}

	@Test
	void messagesWithoutKeyAreSpreadInTurns() {
		for (int i = 0; i < 40; i++) {
			this.producer.publish(this.stream, "m" + i);
		}

		assertThat(partitions()).allSatisfy((partition) -> assertThat(this.redis.xlen(partition)).isEqualTo(10));
	}

	@Test
	void idempotentMessageIsFoundAgainByAnyProducer() {
		PublishOptions once = PublishOptions.defaults().withIdempotencyId("order-7");
		try (RedisStreamProducer other = producer(4)) {
			for (int i = 0; i < 8; i++) {
				this.producer.publish(this.stream, "x", once);
				other.newSession().add(this.stream, "x", once).commit();
			}
		}

		assertThat(partitions().stream().mapToLong(this.redis::xlen).sum()).isOne();
	}

	@Test
	void readsWhatIsWrittenToTheStreamItself() {
		this.redis.xadd(this.stream, Map.of("payload", "before"));

		record();
		this.redis.xadd(this.stream, Map.of("payload", "after"));
		this.producer.publish(this.stream, "partitioned");

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(payloads()).containsExactlyInAnyOrder("before", "after", "partitioned"));
	}

	@Test
	void allPartitionsTogetherRunAsManyHandlersAsThereAreThreads() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		for (int i = 0; i < 200; i++) {
			this.producer.publish(this.stream, "m" + i);
		}

		StreamListenerContainer container = this.nodes.add().start(subscription((message, acknowledgment) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			if (this.handled.size() < 2) {
				this.release.await();
			}
			running.decrementAndGet();
			this.handled.add(message);
		}).withOptions(Nodes.quick().withPartitions(4).withThreads(3)));

		await().atMost(PATIENCE).until(() -> running.get() == 3);
		await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(() -> running.get() == 3);
		assertThat(container.getActivity().threads()).isEqualTo(3);
		assertThat(container.getActivity().busy()).isEqualTo(3);
		this.release.countDown();
		await().atMost(PATIENCE).until(() -> this.handled.size() == 200);
		assertThat(most).hasValue(3);
	}

	@Test
	void oneThreadServesAllPartitionsAndTheirRetries() {
		Set<String> failed = new HashSet<>();
		StreamHandler handler = (message, acknowledgment) -> {
			synchronized (failed) {
				if (payload(message).endsWith("0") && failed.add(payload(message))) {
					throw new IllegalStateException("not yet");
				}
			}
			this.handled.add(message);
		};
		this.nodes.add()
			.start(subscription(handler).withOptions(Nodes.quick().withPartitions(4).withThreads(1))
				.withRedelivery(Redelivery.defaults()
					.withBackoff(RetryBackoff.defaults().withDelay(Duration.ofMillis(50)).withJitter(0))));

		for (int i = 0; i < 1000; i++) {
			this.producer.publishAsync(this.stream, "m" + i, key(i % 10));
		}

		await().atMost(PATIENCE).until(() -> this.handled.size() == 1000);
		assertThat(new TreeSet<>(payloads())).hasSize(1000);
		assertThat(this.handled).filteredOn((message) -> message.attempt() == 2).hasSize(100);
	}

	@Test
	void messagesOfADeadConsumerAreTakenOver() {
		for (int i = 0; i < 40; i++) {
			this.producer.publish(this.stream, "m" + i);
		}
		for (String partition : partitions()) {
			this.redis.execute("XGROUP", "CREATE", partition, "billing", "0");
			this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", "100", "STREAMS", partition, ">");
		}

		record();

		await().atMost(PATIENCE).until(() -> this.handled.size() == 40);
		assertThat(this.handled).allMatch((message) -> message.attempt() == 2);
	}

	@Test
	void twoNodesShareThePartitionsAndOneGoesOnAlone() {
		StreamListenerContainer first = record();
		record();
		for (int i = 0; i < 500; i++) {
			this.producer.publishAsync(this.stream, "m" + i, key(i));
		}
		await().atMost(PATIENCE).until(() -> this.handled.size() > 100);

		first.stop();
		for (int i = 500; i < 600; i++) {
			this.producer.publishAsync(this.stream, "m" + i, key(i));
		}

		await().atMost(PATIENCE).until(() -> new HashSet<>(payloads()).size() == 600);
		assertThat(this.handled).hasSize(600);
	}

	@Test
	void deadLettersStayBesideTheirPartitionAndComeBack() {
		Set<String> mended = new HashSet<>();
		StreamHandler handler = (message, acknowledgment) -> {
			synchronized (mended) {
				if (!mended.contains("all")) {
					throw new IllegalStateException("no stock");
				}
			}
			this.handled.add(message);
		};
		Subscription subscription = subscription(handler).withRedelivery(Redelivery.defaults().withRetryCount(0));
		this.nodes.add().start(subscription);
		for (int i = 0; i < 20; i++) {
			this.producer.publish(this.stream, "m" + i, key(i));
		}

		try (StreamAdmin admin = StreamAdmin.create(this.redis.connectionFactory())) {
			await().atMost(PATIENCE)
				.until(() -> partitions().stream()
					.mapToLong((partition) -> admin.deadLetters(partition, IdRange.all(), 100).size())
					.sum() == 20);
			assertThat(partitions()).allSatisfy((partition) -> {
				assertThat(subscription.deadLetterStream(partition)).isEqualTo(partition + ":dlq")
					.isEqualTo(admin.deadLetterStream(partition));
				assertThat(admin.deadLetters(partition, IdRange.all(), 100))
					.allMatch((letter) -> letter.stream().equals(partition));
			});
			synchronized (mended) {
				mended.add("all");
			}
			partitions().forEach(admin::redriveAll);
		}

		await().atMost(PATIENCE).until(() -> this.handled.size() == 20);
		assertThat(this.handled).allMatch((message) -> message.key() != null);
	}

	@Test
	void pausesResumesStopsAndStartsAsAWhole() {
		StreamListenerContainer container = record();
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);
		assertThat(container.getLastPoll()).isNotNull();

		container.pause();
		await().during(Duration.ofMillis(400)).until(() -> container.getState() == ContainerState.PAUSED);
		for (int i = 0; i < 20; i++) {
			this.producer.publish(this.stream, "m" + i);
		}
		await().during(Duration.ofMillis(400)).until(this.handled::isEmpty);
		container.resume();
		await().atMost(PATIENCE).until(() -> this.handled.size() == 20);

		container.stop();
		assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
		this.producer.publish(this.stream, "later");
		await().during(Duration.ofMillis(400)).until(() -> this.handled.size() == 20);
		container.start();
		await().atMost(PATIENCE).until(() -> this.handled.size() == 21);
		assertThat(container.getOutages()).isEmpty();
	}

	@Test
	void layoutInRedisCountsWhateverIsConfigured() {
		this.producer.publish(this.stream, "first");
		try (LogLines log = new LogLines(); RedisStreamProducer other = producer(2)) {
			for (int i = 0; i < 40; i++) {
				other.publish(this.stream, "m" + i);
			}
			this.nodes.add()
				.start(subscription((message, acknowledgment) -> this.handled.add(message))
					.withOptions(Nodes.quick().withPartitions(6)));

			await().atMost(PATIENCE).until(() -> this.handled.size() == 41);
			assertThat(log.of(Level.WARN, this.stream + " has 4 partitions in Redis", "says 2", "its 4 are used"))
				.hasSize(1);
			assertThat(log.of(Level.WARN, this.stream + " has 4 partitions in Redis", "says 6")).hasSize(1);
		}
	}

	@Test
	void saysWhenTheLayoutCannotBeReadAndGoesOnWhenItCan() {
		String key = "{" + this.stream + "}:partitions";
		await().atMost(PATIENCE).until(() -> this.redis.execute("DEL", key).equals(1L));
		this.redis.execute("HSET", key, "count", "many");

		StreamListenerContainer container = record();
		try (RedisStreamProducer fresh = producer(4)) {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(container.getOutages())
					.anyMatch((outage) -> outage.getReason().contains("is no layout of partitions")));
			assertThat(container.getState()).isEqualTo(ContainerState.STARTING);
			ProducerSession session = fresh.newSession().add(this.stream, "kept");
			assertThatExceptionOfType(PublishException.class).isThrownBy(session::commit)
				.satisfies((ex) -> assertThat(ex.results()).extracting(PublishResult::status)
					.containsExactly(PublishResult.Status.REJECTED))
				.withMessageContaining("is no layout of partitions");
			assertThat(fresh.publishAsync(this.stream, "refused")).failsWithin(PATIENCE);

			this.redis.execute("DEL", key);

			assertThat(session.commit()).hasSize(1);
		}
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(payloads()).containsExactly("kept"));
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);
		assertThat(container.getOutages()).isEmpty();
	}

	@Test
	void commitsThatWaitForTheLayoutKeepTheirOrder() {
		List<CompletableFuture<List<RecordId>>> commits = new ArrayList<>();
		List<String> published = new ArrayList<>();
		try (RedisStreamProducer fresh = producer(4)) {
			for (int i = 0; i < 10; i++) {
				commits.add(fresh.newSession().add(this.stream, "m" + i, key(7)).commitAsync());
				published.add("m" + i);
			}
			assertThat(commits).allSatisfy((commit) -> assertThat(commit).succeedsWithin(PATIENCE));
		}

		try (StreamAdmin admin = StreamAdmin.create(this.redis.connectionFactory())) {
			assertThat(partitions().stream()
				.flatMap((partition) -> admin.range(partition, IdRange.all(), 100).stream())
				.map((message) -> message.fields().getText("payload"))).containsExactlyElementsOf(published);
		}
	}

	@Test
	void messagesGoOnWhenNothingIsRedeliveredAfterAll() throws InterruptedException {
		CountDownLatch blocks = new CountDownLatch(1);
		StreamListenerContainer container = this.nodes.add().start(subscription((message, acknowledgment) -> {
			if (payload(message).equals("fails")) {
				throw new IllegalStateException("not yet");
			}
			if (payload(message).equals("blocks")) {
				blocks.countDown();
				this.release.await();
			}
			this.handled.add(message);
		}).withOptions(ContainerOptions.defaults()
			.withLease(Duration.ofMinutes(10))
			.withBlock(Duration.ofMinutes(2))
			.withPartitions(4)
			.withThreads(1))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofSeconds(2)))));
		await().atMost(PATIENCE).until(() -> container.getSubscription().partitions().size() == 4);
		String id = this.redis.xadd(partitions().get(2), Map.of("payload", "fails"));
		await().atMost(PATIENCE).until(() -> container.getActivity().waiting() == 1);
		this.redis.xadd(partitions().get(0), Map.of("payload", "blocks"));
		this.redis.xadd(partitions().get(1), Map.of("payload", "waits"));
		blocks.await();
		await().atMost(PATIENCE).until(() -> container.getActivity().queued() == 1);
		this.redis.execute("XACK", partitions().get(2), "billing", id);
		await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> container.getActivity().queued() == 1);

		this.release.countDown();

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(payloads()).containsExactlyInAnyOrder("blocks", "waits"));
	}

	@Test
	void messageOfAQuietPartitionIsNotBehindThoseOfABusyOne() {
		List<String> partitions = partitionsOf(record());
		this.nodes.close();
		for (int i = 0; i < 2000; i++) {
			this.redis.xadd(partitions.get(1), Map.of("payload", "busy"));
		}
		this.nodes.add().start(subscription((message, acknowledgment) -> {
			TimeUnit.MILLISECONDS.sleep(20);
			this.handled.add(message);
		}).withOptions(Nodes.quick().withPartitions(4).withThreads(2)));
		await().atMost(PATIENCE).until(() -> this.handled.size() > 10);

		for (int i = 0; i < 20; i++) {
			this.redis.xadd(partitions.get(3), Map.of("payload", "quiet"));
		}

		await().atMost(PATIENCE).until(() -> payloads().stream().filter("quiet"::equals).count() == 20);
		assertThat(this.handled).hasSizeLessThan(500);
	}

	private static List<String> partitionsOf(StreamListenerContainer container) {
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);
		return container.getSubscription().partitions();
	}

	@Test
	void refusesSubscriptionsThatCannotHavePartitions() {
		List<Subscription> invalid = new ArrayList<>();
		invalid.add(Subscription.of("{orders}:eu", "billing", (message, acknowledgment) -> {
		}).withOptions(Nodes.quick().withPartitions(4)));
		invalid.add(subscription((message, acknowledgment) -> {
		}).withDeadLetters(DeadLetterPolicy.defaults().withStream("failed")));

		StreamListenerContainerRegistry registry = this.nodes.add().registry;
		assertThat(invalid).allSatisfy((subscription) -> assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> registry.register(subscription, "OrderListener.placed"))
			.withMessageContaining("partition"));
	}

}
