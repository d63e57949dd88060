package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.FaultProxy;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that come again: after a failure, a crash, an orderly stop, a lost reply.
 */
@RedisTest
class RedeliveryIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestRedis redis;

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final String stream;

	@AutoClose
	private final Nodes nodes;

	RedeliveryIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.nodes = new Nodes(redis);
	}

	@AfterEach
	void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
	}

	private <T extends AutoCloseable> T opened(T resource) {
		this.opened.add(resource);
		return resource;
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler).withOptions(Nodes.quick());
	}

	private String add(String name) {
		return this.redis.xadd(this.stream, Map.of("name", name));
	}

	private static String name(StreamMessage<EntryFields> message) {
		return String.valueOf(message.payload().getText("name"));
	}

	private long deadLetters() {
		return this.redis.xlen("{" + this.stream + "}:dlq");
	}

	private boolean isIdle(Duration time) {
		return this.redis.hasPending(this.stream, "billing", time);
	}

	/**
	 * Let a consumer that never answers have some messages.
	 */
	private void deliverToTheDead(int count) {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		for (int i = 0; i < count; i++) {
			add("order" + i);
		}
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", String.valueOf(count), "STREAMS",
				this.stream, ">");
	}

	/**
	 * Room is kept for a message that is due while all workers are busy. When it is gone
	 * by then, the room must be given back.
	 */
	@Test
	void goesOnReadingWhenTheMessageThatWasDueIsGone() {
		AtomicInteger handled = new AtomicInteger();
		CountDownLatch never = new CountDownLatch(1);
		CountDownLatch busy = new CountDownLatch(1);
		ContainerFixture node = this.nodes.add();
		Subscription slow = subscription((message, ack) -> {
			never.await(200, TimeUnit.MILLISECONDS);
			if (name(message).equals("bad")) {
				throw new IllegalStateException("no stock");
			}
			busy.await();
			handled.incrementAndGet();
		});
		node.start(slow.withOptions(slow.options().withThreads(1))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(300)))));
		String bad = add("bad");
		await().until(() -> node.outcomes().contains(Outcome.FAILED));
		add("first");
		await().until(() -> isIdle(Duration.ofMillis(2_500)));
		this.redis.execute("XDEL", this.stream, bad);

		busy.countDown();
		for (int i = 0; i < 5; i++) {
			add("later" + i);
		}

		await().atMost(PATIENCE).until(() -> handled.get() == 6);
	}

	@Test
	void takesOverWhatHasOneAttemptLeftOneByOneWithoutWaitingInBetween() {
		AtomicInteger starts = new AtomicInteger();
		deliverToTheDead(60);
		Subscription subscription = subscription((message, ack) -> starts.incrementAndGet());

		this.nodes.add()
			.start(subscription.withOptions(subscription.options().withClaimInterval(Duration.ofSeconds(3)))
				.withRedelivery(Redelivery.defaults().withRetryCount(1)));

		await().atMost(PATIENCE).until(() -> starts.get() == 60);
		assertThat(deadLetters()).isZero();
	}

	@Test
	void takesOverMoreWhileTheHandlerOfALastAttemptHasNotDecided() {
		Set<String> names = ConcurrentHashMap.newKeySet();
		deliverToTheDead(5);
		Subscription subscription = subscription((message, ack) -> names.add(name(message)));

		this.nodes.add()
			.start(subscription.withOptions(subscription.options().withAckMode(AckMode.MANUAL))
				.withRedelivery(Redelivery.defaults().withRetryCount(1)));

		await().atMost(PATIENCE).until(() -> names.size() == 5);
	}

	@Test
	void attemptsAgainForEver() {
		AtomicInteger starts = new AtomicInteger();
		deliverToTheDead(1);

		this.nodes.add().start(subscription((message, ack) -> {
			if (starts.incrementAndGet() < 3) {
				throw new IllegalStateException("no stock");
			}
		}).withRedelivery(Redelivery.defaults()
			.withRetryCount(Integer.MAX_VALUE)
			.withBackoff(RetryBackoff.fixed(Duration.ofMillis(50)))));

		await().atMost(PATIENCE).until(() -> starts.get() == 3);
		assertThat(deadLetters()).isZero();
	}

	/**
	 * It cannot come again, but its bytes are still here.
	 */
	@Test
	void deadLettersWhatWasDeletedWhileItsHandlerRanAndFailed() {
		CountDownLatch deleted = new CountDownLatch(1);
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> {
			deleted.await();
			throw new IllegalStateException("no stock");
		}));
		String id = add("dog");
		// Its group may not be there yet.
		await().ignoreExceptions().until(() -> this.redis.pendingCount(this.stream, "billing") == 1);
		this.redis.execute("XDEL", this.stream, id);

		deleted.countDown();

		await().atMost(PATIENCE).until(() -> deadLetters() == 1);
		assertThat(this.redis.execute("XRANGE", "{" + this.stream + "}:dlq", "-", "+").toString()).contains("name, dog",
				id, "entry-deleted");
		assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
	}

	@Test
	void deletesTheOriginalOfADeadLetterLikeWhatIsAcknowledged() {
		Subscription subscription = subscription((message, ack) -> {
			throw new IllegalStateException("no stock");
		});
		this.nodes.add()
			.start(subscription.withOptions(subscription.options().withDeleteAfterAck(true))
				.withRedelivery(Redelivery.defaults().withRetryCount(0)));

		add("dog");

		await().atMost(PATIENCE).until(() -> deadLetters() == 1);
		await().until(() -> this.redis.xlen(this.stream) == 0);
		assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
	}

	/**
	 * A renewal finds that out first, and Redis then has no owner for it any more.
	 */
	@Test
	void deadLettersWhatWasFoundDeletedWhenItsLeaseWasRenewed() {
		CountDownLatch renewed = new CountDownLatch(1);
		this.nodes.add().start(subscription((message, ack) -> {
			renewed.await();
			throw new IllegalStateException("no stock");
		}));
		String id = add("dog");
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 1);
		this.redis.execute("XDEL", this.stream, id);
		AtomicLong idle = new AtomicLong();
		await("a renewal finds it deleted").until(() -> {
			List<?> pending = this.redis.executeForList("XPENDING", this.stream, "billing", "-", "+", "1");
			// Redis 6 keeps it pending: there a renewal shows in the idle time.
			long now = pending.isEmpty() ? -1 : (Long) ((List<?>) pending.get(0)).get(2);
			return now < idle.getAndSet(now);
		});

		renewed.countDown();

		await().atMost(PATIENCE).until(() -> deadLetters() == 1);
	}

	/**
	 * The message was here before, so that it looks known; the count tells that it came
	 * once more.
	 */
	@Test
	void findsARetryWhoseReplyWasLost() {
		FaultProxy proxy = opened(FaultProxy.to(this.redis.host(), this.redis.port()));
		BackgroundThreads threads = opened(BackgroundThreads.platform());
		StreamConnections connections = opened(StreamConnections.to(proxy.connectionFactory(), threads));
		StreamListenerContainerRegistry registry = StreamListenerContainerRegistry.builder(connections).build();
		this.opened.add(registry::stop);
		registry.start();
		Queue<String> starts = new ConcurrentLinkedQueue<>();
		Subscription subscription = subscription((message, ack) -> {
			starts.add(name(message) + message.attempt());
			if (message.attempt() == 1) {
				throw new IllegalStateException("no stock");
			}
		});
		registry.register(subscription.withOptions(subscription.options().withLease(Duration.ofSeconds(10)))
			.withRedelivery(
					Redelivery.defaults().withRetryCount(1).withBackoff(RetryBackoff.fixed(Duration.ofMillis(800)))),
				"test");
		add("warm");
		await().atMost(PATIENCE).until(() -> starts.size() == 2);
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
		add("dog");
		await().until(() -> isIdle(Duration.ofMillis(9_200)));

		proxy.swallowRepliesTo("EVALSHA");
		await().atMost(PATIENCE)
			.until(() -> this.redis.executeForList("XPENDING", this.stream, "billing", "-", "+", "1")
				.toString()
				.endsWith(", 2]]"));
		proxy.mode(FaultProxy.Mode.NORMAL);

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(starts).contains("dog2"));
		await().atMost(PATIENCE).until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
		assertThat(deadLetters()).isZero();
	}

	@Test
	void aBatchFailureOfSomethingElseFailsASingleMessage() {
		AtomicInteger starts = new AtomicInteger();
		this.nodes.add().start(subscription((message, ack) -> {
			if (starts.incrementAndGet() == 1) {
				throw new BatchFailureException(EntryId.ZERO.toRecordId(), new IllegalStateException("no stock"));
			}
		}).withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(100)))));
		add("dog");

		await().atMost(PATIENCE).until(() -> starts.get() == 2);
	}

	@Test
	void retryThatTakesLongHoldsUpNoOtherWhileThreadsAreIdle() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger slowStarts = new AtomicInteger();
		Queue<String> retried = new ConcurrentLinkedQueue<>();
		Subscription subscription = Subscription.of(this.stream, "billing", (message, ack) -> {
			String name = String.valueOf(message.payload().getText("name"));
			if (message.attempt() == 1) {
				throw new IllegalStateException("no stock");
			}
			if (name.equals("slow")) {
				slowStarts.incrementAndGet();
				release.await();
			}
			retried.add(name);
		})
			.withOptions(Nodes.quick().withThreads(3))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(300))));
		this.nodes.add().start(subscription);
		try {
			this.redis.xadd(this.stream, Map.of("name", "slow"));
			await().atMost(PATIENCE).until(() -> slowStarts.get() == 1);

			this.redis.xadd(this.stream, Map.of("name", "quick"));

			await().atMost(PATIENCE).until(() -> retried.contains("quick"));
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void newMessagesKeepHalfOfTheThreadsWhileTheyWaitInRedis() {
		Semaphore ends = new Semaphore(0);
		AtomicInteger started = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		AtomicInteger failed = new AtomicInteger();
		AtomicInteger retrying = new AtomicInteger();
		CountDownLatch added = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Subscription subscription = Subscription.of(this.stream, "billing", (message, ack) -> {
			if (String.valueOf(message.payload().getText("name")).equals("new")) {
				started.incrementAndGet();
				ends.acquire();
				ended.incrementAndGet();
			}
			else if (message.attempt() == 1) {
				failed.incrementAndGet();
				added.await();
				throw new IllegalStateException("no stock");
			}
			else {
				retrying.incrementAndGet();
				release.await();
			}
		})
			.withOptions(Nodes.quick().withThreads(4))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofSeconds(1))));
		this.nodes.add().start(subscription);
		try {
			for (int i = 0; i < 3; i++) {
				this.redis.xadd(this.stream, Map.of("name", "retried"));
			}
			await().atMost(PATIENCE).until(() -> failed.get() == 3);
			for (int i = 0; i < 40; i++) {
				this.redis.xadd(this.stream, Map.of("name", "new"));
			}
			added.countDown();
			await().atMost(PATIENCE).until(() -> started.get() == 4);
			// Each begins when one before has ended, so that retries get what they may
			// have.
			for (int i = 1; i <= 20; i++) {
				int count = i;
				ends.release();
				await().atMost(PATIENCE).until(() -> ended.get() == count);
				await().during(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> ended.get() == count);
			}

			assertThat(retrying).as("retries that run while 20 new messages wait").hasValue(2);
		}
		finally {
			added.countDown();
			release.countDown();
			ends.release(100);
		}
	}

}
