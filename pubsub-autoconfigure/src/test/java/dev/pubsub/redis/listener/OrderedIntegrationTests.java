package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.OwnershipChange;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class OrderedIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Journal journal = new Journal();

	private final List<OwnershipChange> changes = new CopyOnWriteArrayList<>();

	OrderedIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void handlesTheMessagesOfAKeyInOrderAlthoughSomeFail() {
		add(400, 20);

		start(flaky());
		start(flaky());

		awaitAll(400);
		this.journal.assertInOrder();
		assertThat(this.journal.retried.get()).as("some failed").isPositive();
	}

	@Test
	void handlesKeysInParallel() {
		CountDownLatch both = new CountDownLatch(2);
		add(2, 2);

		start((message, acknowledgment) -> {
			both.countDown();
			both.await();
			this.journal.add(message);
		});

		awaitAll(2);
	}

	@Test
	void handlesMessagesWithoutKeyInParallel() {
		CountDownLatch both = new CountDownLatch(2);
		this.redis.xadd(this.stream, Map.of("number", "1"));
		this.redis.xadd(this.stream, Map.of("number", "2"));

		start((message, acknowledgment) -> {
			both.countDown();
			both.await();
		});

		await().atMost(PATIENCE).until(() -> both.getCount() == 0);
	}

	@Test
	void goesOnWithTheKeyWhenAMessageIsDeadLettered() {
		add(3, 1);

		start((message, acknowledgment) -> {
			if (number(message) == 1) {
				throw new IllegalStateException("never");
			}
			this.journal.add(message);
		}, Redelivery.defaults().withRetryCount(1).withBackoff(RetryBackoff.fixed(Duration.ofMillis(50))));

		awaitHandled(2);
		assertThat(this.journal.firsts.get("key 0")).containsExactly(0, 2);
		assertThat(this.redis.xlen("{" + this.stream + "}:dlq")).isOne();
	}

	@Test
	void handsOverAtOnceWhenItStops() {
		ContainerFixture first = start(slow());
		await().atMost(PATIENCE).until(() -> gained() == 1);
		start(slow());
		add(100, 5);
		await().atMost(PATIENCE).until(() -> this.journal.size() > 10);

		first.close();
		await().atMost(PATIENCE).until(() -> gained() == 2);

		awaitAll(100);
		this.journal.assertInOrder();
		assertThat(this.journal.attempts).as("no message was handled twice").hasValue(100);
		assertThat(this.changes.get(1).token()).isGreaterThan(this.changes.get(0).token());
	}

	@Test
	void takesOverAfterTheLeaseOfAnOwnerThatDied() {
		ContainerFixture first = start(slow());
		await().atMost(PATIENCE).until(() -> gained() == 1);
		start(slow());
		add(200, 5);
		await().atMost(PATIENCE).until(() -> this.journal.size() > 10);

		first.vanish();

		awaitAll(200);
		this.journal.assertFirstsInOrder();
		await().atMost(PATIENCE).until(() -> gained() == 2);
		assertThat(this.changes.get(1).token()).isGreaterThan(this.changes.get(0).token());
	}

	@Test
	void doesNothingMoreOnceAnotherInstanceOwnsTheStream() {
		start(flaky());
		await().atMost(PATIENCE).until(() -> gained() == 1);

		// As an instance does whose lease was granted while this one was frozen.
		long token = this.changes.get(0).token() + 1;
		this.redis.execute("HSET", owner(), "owner", "other", "token", Long.toString(token), "until",
				Long.toString(System.nanoTime() / 1_000_000 + 4_000_000_000_000L));
		this.redis.execute("DEL", String.valueOf(this.redis.execute("HGET", owner(), "gate")));
		add(10, 2);

		await().atMost(PATIENCE).until(() -> this.changes.size() == 2);
		assertThat(this.changes.get(1).gained()).isFalse();
		assertThat(this.journal.size()).isZero();
		assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();

		this.redis.execute("HDEL", owner(), "owner", "until", "gate");
		awaitAll(10);
		this.journal.assertInOrder();
		assertThat(this.changes.get(2).token()).isGreaterThan(token);
	}

	@Test
	void takesOverInOrderWhatADeadOwnerLeft() {
		add(60, 3);
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", "40", "STREAMS", this.stream, ">");
		// Only those with higher ids count as abandoned yet.
		List<?> entries = this.redis.executeForList("XRANGE", this.stream, "-", "+");
		List<String> claim = new ArrayList<>(List.of("XCLAIM", this.stream, "billing", "dead", "0"));
		for (int i = 20; i < 40; i++) {
			claim.add(String.valueOf(((List<?>) entries.get(i)).get(0)));
		}
		claim.addAll(List.of("IDLE", "3600000", "RETRYCOUNT", "1", "JUSTID"));
		this.redis.execute(claim.toArray(new String[0]));

		start(flaky());

		awaitAll(60);
		this.journal.assertInOrder();
	}

	@Test
	void keepsTheOrderThroughLostConnections() {
		start(flaky());
		for (int i = 0; i < 10; i++) {
			add(40, 8, i * 40);
			int until = i * 10;
			await().atMost(PATIENCE).until(() -> this.journal.size() >= until);
			this.redis.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
		}

		awaitAll(400);
		this.journal.assertInOrder();
	}

	@Test
	void showsWhoOwnsTheStream() {
		StreamListenerContainer first = container(start(flaky()));
		await().atMost(PATIENCE).until(() -> gained() == 1);
		StreamListenerContainer second = container(start(flaky()));
		await().atMost(PATIENCE).until(() -> second.getOwnership().isPresent());
		OwnershipChange owner = this.changes.get(0);

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(first.getOwnership())
				.contains(new ContainerOwnership(owner.owner(), owner.token(), true, 1)));
		assertThat(second.getOwnership()).contains(new ContainerOwnership(owner.owner(), owner.token(), false, 1));
		assertThat(second.getState()).isEqualTo(ContainerState.RUNNING);
		assertThat(second.getLastPoll()).isNotNull();
	}

	@Test
	void tellsHandlersTheToken() {
		List<Long> tokens = new CopyOnWriteArrayList<>();
		add(1, 1);

		start((message, acknowledgment) -> tokens.add(message.token().orElse(-1)));

		await().atMost(PATIENCE).until(() -> tokens.size() == 1);
		assertThat(tokens).containsExactly(this.changes.get(0).token());
	}

	@Test
	void hasOneMessageOfAKeyInABatch() {
		add(100, 4);
		List<String> doubled = new CopyOnWriteArrayList<>();
		ContainerFixture node = this.nodes.addObserved(observer());
		node.start(Subscription.ofBatches(this.stream, "billing", (messages, acknowledgments) -> {
			Set<String> keys = new HashSet<>();
			messages.stream().map(OrderedIntegrationTests::key).filter((key) -> !keys.add(key)).forEach(doubled::add);
			messages.forEach(this.journal::add);
		}).withOptions(options()));

		awaitAll(100);
		this.journal.assertInOrder();
		assertThat(doubled).isEmpty();
	}

	@Test
	void readsNoFurtherWhenTooManyMessagesWaitForAnother() {
		for (int i = 0; i < 4; i++) {
			addMany(1000);
		}
		start((message, acknowledgment) -> this.release.await());

		await().atMost(PATIENCE).until(() -> this.redis.pendingCount(this.stream, "billing") >= 2048);
		await().during(Duration.ofMillis(500))
			.atMost(PATIENCE)
			.until(() -> this.redis.pendingCount(this.stream, "billing") < 2500);
	}

	@Test
	void refusesToAcknowledgeBeforehand() {
		Subscription subscription = Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
		}).withOptions(options().withAckMode(AckMode.NONE));

		assertThatThrownBy(() -> this.nodes.add().start(subscription)).hasMessageContaining("'ordered'");
	}

	private String owner() {
		return "{" + this.stream + "}:billing:owner";
	}

	private static StreamListenerContainer container(ContainerFixture node) {
		return node.registry.getContainers().iterator().next();
	}

	private long gained() {
		return this.changes.stream().filter(OwnershipChange::gained).count();
	}

	private void add(int count, int keys) {
		add(count, keys, 0);
	}

	private void add(int count, int keys, int from) {
		for (int i = from; i < from + count; i++) {
			this.redis.xadd(this.stream, Map.of(EntryFormat.KEY, "key " + i % keys, "number", Integer.toString(i)));
		}
	}

	private void addMany(int count) {
		this.redis.execute("EVAL",
				"for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', '__KEY', 'one', 'number', i) end", "1",
				this.stream, Integer.toString(count));
	}

	private ContainerFixture start(StreamHandler handler) {
		return start(handler,
				Redelivery.defaults().withRetryCount(20).withBackoff(RetryBackoff.fixed(Duration.ofMillis(20))));
	}

	private ContainerFixture start(StreamHandler handler, Redelivery redelivery) {
		ContainerFixture node = this.nodes.addObserved(observer());
		node.start(Subscription.of(this.stream, "billing", handler).withOptions(options()).withRedelivery(redelivery));
		return node;
	}

	private StreamObserver observer() {
		return new StreamObserver() {

			@Override
			public void onEvent(MessageEvent event) {
				// Only the ownership counts.
			}

			@Override
			public void onOwnershipChange(OwnershipChange change) {
				OrderedIntegrationTests.this.changes.add(change);
			}

		};
	}

	private static ContainerOptions options() {
		return Nodes.quick().withThreads(8).withOrdered(true);
	}

	private StreamHandler flaky() {
		return (message, acknowledgment) -> this.journal.run(message, () -> {
			if (ThreadLocalRandom.current().nextInt(20) == 0) {
				this.journal.retried.incrementAndGet();
				throw new IllegalStateException("transient");
			}
			this.journal.add(message);
		});
	}

	private StreamHandler slow() {
		CountDownLatch never = new CountDownLatch(1);
		return (message, acknowledgment) -> this.journal.run(message, () -> {
			never.await(5, TimeUnit.MILLISECONDS);
			this.journal.add(message);
		});
	}

	private void awaitAll(int count) {
		awaitHandled(count);
		await().atMost(PATIENCE).until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
	}

	private void awaitHandled(int count) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.journal.size()).isEqualTo(count));
	}

	private static int number(StreamMessage<EntryFields> message) {
		return Integer.parseInt(String.valueOf(message.payload().getText("number")));
	}

	private static String key(StreamMessage<EntryFields> message) {
		return String.valueOf(message.payload().getText(EntryFormat.KEY));
	}

	/**
	 * What handlers did.
	 */
	private static final class Journal {

		private final Map<String, List<Integer>> firsts = new ConcurrentHashMap<>();

		private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

		private final Set<String> running = ConcurrentHashMap.newKeySet();

		private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

		private final AtomicInteger attempts = new AtomicInteger();

		private final AtomicInteger retried = new AtomicInteger();

		void run(StreamMessage<EntryFields> message, Attempt attempt) throws Exception {
			String key = key(message);
			if (!this.running.add(key)) {
				this.overlaps.add(key);
			}
			try {
				attempt.run();
			}
			finally {
				this.running.remove(key);
			}
		}

		void add(StreamMessage<EntryFields> message) {
			this.attempts.incrementAndGet();
			List<Integer> list = this.firsts.computeIfAbsent(key(message), (key) -> new CopyOnWriteArrayList<>());
			if (!this.handled.contains(number(message))) {
				list.add(number(message));
				this.handled.add(number(message));
			}
		}

		int size() {
			return this.handled.size();
		}

		void assertFirstsInOrder() {
			this.firsts.forEach((key, numbers) -> assertThat(numbers).as(key).isSorted());
		}

		void assertInOrder() {
			assertFirstsInOrder();
			assertThat(this.overlaps).isEmpty();
		}

	}

	/**
	 * What a handler does.
	 */
	private interface Attempt {

		void run() throws Exception;

	}

}
