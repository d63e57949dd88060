package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.HashMap;
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
import java.util.stream.Stream;

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

	private static final int PARTITIONS = 16;

	private static final int THREADS = 4;

	private static final int KEYS = 40;

	private final Map<String, List<Integer>> handled = new ConcurrentHashMap<>();

	private final Set<String> running = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

	private final AtomicInteger atOnce = new AtomicInteger();

	private final AtomicInteger mostAtOnce = new AtomicInteger();

	private final List<OwnershipChange> changes = new CopyOnWriteArrayList<>();

	private final CountDownLatch never = new CountDownLatch(1);

	private final AtomicInteger published = new AtomicInteger();

	@AutoClose
	private final RedisStreamProducer producer;

	OrderedPartitionsIntegrationTests(TestRedis redis) {
		super(redis);
		this.producer = RedisStreamProducer.builder(redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, PARTITIONS))
			.build();
	}

	@Test
	void twoInstancesShareThePartitionsAndKeepTheOrderOfEachKey() {
		publish(400);
		StreamListenerContainer first = start();
		StreamListenerContainer second = start();
		awaitBalance(first, second);
		publish(400);

		awaitAll();
		assertInOrder();
		assertThat(this.mostAtOnce).as("threads of two instances").hasValueBetween(2, 2 * THREADS);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(tokens(first)).hasSize(PARTITIONS + 1)
				.containsKey(this.stream)
				.containsExactlyInAnyOrderEntriesOf(tokens(second)));
		assertThat(first.getOwnerships().values()).extracting(ContainerOwnership::standby).containsOnly(1);
	}

	@Test
	void oneInstanceHandlesAllPartitionsWithItsThreads() {
		publish(400);

		start();

		awaitAll();
		assertInOrder();
		assertThat(this.mostAtOnce).as("threads of all partitions").hasValueBetween(2, THREADS);
	}

	@Test
	void noMessageIsHandledTwiceWhileInstancesComeAndGo() throws Exception {
		CompletableFuture<Void> publisher = publishUntilReleased();
		StreamListenerContainer first = start();
		awaitBalance(first);
		StreamListenerContainer second = start();
		StreamListenerContainer third = start();
		awaitBalance(first, second, third);
		this.nodes.first().close();
		awaitBalance(second, third);
		this.release.countDown();
		publisher.get(30, TimeUnit.SECONDS);

		awaitAll();
		assertInOrder();
		assertThat(this.handled).hasSize(KEYS);
		assertThat(changes(false)).as("partitions given back").isGreaterThanOrEqualTo(PARTITIONS - 6);
		assertThat(changes(true)).as("partitions gained")
			.isGreaterThanOrEqualTo(PARTITIONS + changes(false))
			.isLessThanOrEqualTo(PARTITIONS + changes(false) + 6);
	}

	@Test
	void namesOfConsumersMayHaveSpaces() {
		StreamListenerContainer first = start(this::handle, options().withConsumerName("Order Service"));
		awaitBalance(first);
		StreamListenerContainer second = start(this::handle, options().withConsumerName("Order Service"));

		awaitBalance(first, second);
		assertThat(first.getOwnerships().values()).extracting(ContainerOwnership::owner)
			.allSatisfy((owner) -> assertThat(owner).startsWith("Order Service-"));
	}

	@Test
	void whatFailedForAnOwnerBeforeIsNoOutage() {
		StreamListenerContainer container = start();
		awaitBalance(container);
		List<String> partitions = container.getSubscription().partitions();
		long before = changes(true);
		partitions.forEach((partition) -> {
			String ownership = partition + ":billing:owner";
			String gate = String.valueOf(this.redis.execute("HGET", ownership, "gate"));
			this.redis.execute("HSET", ownership, "owner", "other", "until", "0");
			this.redis.execute("DEL", gate);
		});
		publish(4 * KEYS);

		await().atMost(PATIENCE).until(() -> changes(true) >= before + PARTITIONS);
		awaitAll();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(container.getOutages()).isEmpty());
		assertInOrder();
	}

	@Test
	void partitionsOfAnInstanceThatDiedAreTakenOverAfterItsLease() throws Exception {
		CompletableFuture<Void> publisher = publishUntilReleased();
		StreamListenerContainer first = start();
		StreamListenerContainer second = start();
		awaitBalance(first, second);
		this.nodes.first().vanish();

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(owned(second)).hasSize(PARTITIONS));
		this.release.countDown();
		publisher.get(30, TimeUnit.SECONDS);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(distinct()).isEqualTo(this.published.get()));
		this.handled.forEach((key, numbers) -> assertThat(numbers.stream().distinct().toList()).as(key).isSorted());
	}

	@Test
	void handlersMayFinishBeforeTheirPartitionsAreGivenBack() {
		for (int i = 0; i < PARTITIONS; i++) {
			this.producer.publish(this.stream, "m" + i);
		}
		AtomicInteger attempts = new AtomicInteger();
		AtomicInteger interrupts = new AtomicInteger();
		StreamHandler waits = (message, acknowledgment) -> {
			attempts.incrementAndGet();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				interrupts.incrementAndGet();
			}
		};
		ContainerOptions options = options().withThreads(PARTITIONS).withShutdownTimeout(Duration.ofMillis(50));
		StreamListenerContainer first = start(waits, options);
		await().atMost(PATIENCE).until(() -> attempts.get() == PARTITIONS);
		StreamListenerContainer second = start(waits, options);

		await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> owned(second).isEmpty());
		assertThat(interrupts).hasValue(0);
		this.release.countDown();

		awaitBalance(first, second);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(first.getSubscription().partitions())
				.allSatisfy((partition) -> assertThat(this.redis.pendingCount(partition, "billing")).isZero()));
		assertThat(attempts).hasValue(PARTITIONS);
		assertThat(interrupts).hasValue(0);
	}

	@Test
	void stopDoesNotWaitForAPartitionThatIsGivenBack() {
		for (int i = 0; i < PARTITIONS; i++) {
			this.producer.publish(this.stream, "m" + i);
		}
		AtomicInteger attempts = new AtomicInteger();
		AtomicInteger interrupts = new AtomicInteger();
		StreamHandler waits = (message, acknowledgment) -> {
			attempts.incrementAndGet();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				interrupts.incrementAndGet();
				throw ex;
			}
		};
		ContainerOptions options = options().withThreads(PARTITIONS).withShutdownTimeout(Duration.ofMillis(50));
		StreamListenerContainer first = start(waits, options);
		await().atMost(PATIENCE).until(() -> attempts.get() == PARTITIONS);
		StreamListenerContainer second = start(waits, options);
		await().atMost(PATIENCE).until(() -> second.getState() == ContainerState.RUNNING);
		await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> interrupts.get() == 0);

		first.stop();

		assertThat(interrupts).hasValue(PARTITIONS);
		await().atMost(PATIENCE).until(() -> owned(second).size() == PARTITIONS);
	}

	@Test
	void moreInstancesThanPartitionsRun() {
		ContainerOptions options = options().withPartitions(2);
		String few = this.redis.key("few");
		StreamListenerContainer[] containers = Stream.generate(() -> start(few, this::handle, options))
			.limit(3)
			.toArray(StreamListenerContainer[]::new);

		awaitBalance(2, containers);

		assertThat(containers).extracting(StreamListenerContainer::getState).containsOnly(ContainerState.RUNNING);
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

	private long changes(boolean gained) {
		return this.changes.stream()
			.filter((change) -> change.gained() == gained && !change.stream().equals(this.stream))
			.count();
	}

	private static void awaitBalance(StreamListenerContainer... containers) {
		awaitBalance(PARTITIONS, containers);
	}

	/**
	 * Wait until each instance owns as many partitions as the others, but for one.
	 */
	private static void awaitBalance(int partitions, StreamListenerContainer... containers) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			List<Integer> sizes = Stream.of(containers).map((container) -> owned(container).size()).toList();
			assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(partitions);
			assertThat(sizes).allSatisfy((size) -> assertThat(size).isBetween(partitions / containers.length,
					(partitions + containers.length - 1) / containers.length));
		});
	}

	private CompletableFuture<Void> publishUntilReleased() {
		return CompletableFuture.runAsync(() -> {
			while (this.release.getCount() > 0) {
				publish(KEYS);
			}
		});
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			int number = this.published.getAndIncrement();
			this.producer.publish(this.stream, Integer.toString(number),
					PublishOptions.defaults().withKey("customer-" + number % KEYS));
		}
	}

	private static ContainerOptions options() {
		return Nodes.quick().withThreads(THREADS).withPartitions(PARTITIONS).withOrdered(true);
	}

	private StreamListenerContainer start() {
		return start(this::handle, options());
	}

	private StreamListenerContainer start(StreamHandler handler, ContainerOptions options) {
		return start(this.stream, handler, options);
	}

	private StreamListenerContainer start(String stream, StreamHandler handler, ContainerOptions options) {
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
		return node.start(Subscription.of(stream, "billing", handler).withOptions(options));
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
				.isEqualTo(this.published.get()));
	}

	private long distinct() {
		return this.handled.values().stream().mapToLong((numbers) -> numbers.stream().distinct().count()).sum();
	}

	private void assertInOrder() {
		assertThat(this.handled)
			.allSatisfy((key, numbers) -> assertThat(numbers).as(key).doesNotHaveDuplicates().isSorted());
		assertThat(this.overlaps).isEmpty();
	}

}
