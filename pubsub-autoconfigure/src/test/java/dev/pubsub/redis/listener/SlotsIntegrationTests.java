package dev.pubsub.redis.listener;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.actuate.PubSubHealthIndicator;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How new, redelivered and hanging messages share the threads, and what a stop costs
 * those that wait.
 */
class SlotsIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final AtomicInteger starts = new AtomicInteger();

	private final Queue<String> handled = new ConcurrentLinkedQueue<>();

	SlotsIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void hangingRetriesHoldUpNoOtherRetry() {
		ContainerFixture node = this.nodes.add();
		node.start(hangs(3, 2));
		add("hangs");
		add("hangs");
		await().atMost(PATIENCE).until(() -> stuck(node) >= 2);

		add("quick");

		await().atMost(PATIENCE).until(() -> this.handled.contains("quick"));
	}

	@Test
	void threadOfAHangingHandlerIsReplaced() {
		ContainerFixture node = this.nodes.add();
		node.start(hangs(1, 1));
		add("hangs");
		await().atMost(PATIENCE).until(() -> stuck(node) >= 1);

		add("quick");

		await().atMost(PATIENCE).until(() -> this.handled.contains("quick"));
	}

	@Test
	void messageThatStillHangsIsNotStartedAgain() {
		ContainerFixture node = this.nodes.add();
		node.start(hangs(4, 1));
		add("hangs");
		await().atMost(PATIENCE).until(() -> stuck(node) >= 1);

		await().during(Duration.ofSeconds(8))
			.atMost(Duration.ofSeconds(10))
			.failFast("started again while it hangs", () -> this.starts.get() > 1)
			.until(() -> this.starts.get() == 1);
	}

	@Test
	void stuckHandlerThatMovesItsDeadlineIsRenewedAgain() {
		ContainerFixture node = this.nodes.add();
		CountDownLatch extend = new CountDownLatch(1);
		StreamListenerContainer container = node.start(subscription(1, (message, ack) -> {
			boolean extended = false;
			while (this.release.getCount() > 0) {
				LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
				Thread.interrupted();
				if (!extended && extend.getCount() == 0) {
					extended = true;
					ack.extend(Duration.ofMinutes(1));
				}
			}
		}).withRedelivery(Redelivery.defaults().withTimeout(Duration.ofMillis(500))));
		add("slow");
		await().atMost(PATIENCE).until(() -> stuck(node) == 1);
		// Half of the lease: it is not renewed meanwhile.
		await().atMost(PATIENCE).until(() -> idleMillis() > 1000);

		extend.countDown();

		await().atMost(PATIENCE).until(() -> idleMillis() < 1000);
		assertThat(container.getActivity().stuck()).isZero();
	}

	private long idleMillis() {
		List<?> pending = this.redis.executeForList("XPENDING", this.stream, "billing", "-", "+", "1");
		return ((Number) ((List<?>) pending.get(0)).get(2)).longValue();
	}

	@Test
	void healthIsDownWhenEveryThreadHangs() {
		ContainerFixture node = this.nodes.add();
		node.start(hangs(2, 1));
		for (int i = 0; i < 20; i++) {
			add("hangs");
		}
		await().atMost(PATIENCE).until(() -> stuck(node) >= 2);

		await().atMost(PATIENCE.multipliedBy(3))
			.until(() -> new PubSubHealthIndicator(node.registry, Clock.systemUTC()).health()
				.getStatus() == Status.DOWN);
	}

	@Test
	void newMessagesKeepHalfOfTheThreadsWhileTheyWaitInRedis() {
		Semaphore ends = new Semaphore(0);
		AtomicInteger ended = new AtomicInteger();
		AtomicInteger failed = new AtomicInteger();
		AtomicInteger retrying = new AtomicInteger();
		this.nodes.add().start(subscription(4, (message, ack) -> {
			if (name(message).equals("new")) {
				ends.acquire();
				ended.incrementAndGet();
			}
			else if (message.attempt() == 1) {
				failed.incrementAndGet();
				throw new IllegalStateException("no stock");
			}
			else {
				retrying.incrementAndGet();
				this.release.await();
			}
		}).withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofSeconds(1)))));
		try {
			// A slow handler is given nothing ahead: new messages wait in Redis.
			add("new");
			await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> ended.get() == 0);
			ends.release();
			await().atMost(PATIENCE).until(() -> ended.get() == 1);
			for (int i = 0; i < 3; i++) {
				add("retried");
			}
			await().atMost(PATIENCE).until(() -> failed.get() == 3);
			for (int i = 0; i < 40; i++) {
				add("new");
			}
			// Each ends when the one before did, so that retries get what they may have.
			for (int i = 1; i <= 20; i++) {
				int count = i + 1;
				ends.release();
				await().atMost(PATIENCE).until(() -> ended.get() == count);
				await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> ended.get() == count);
			}

			assertThat(retrying.get()).as("retries that run while 20 new messages wait").isEqualTo(2);
		}
		finally {
			ends.release(100);
		}
	}

	@Test
	void handlerThatObeysTheStopCostsNoAttempt() {
		Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
		Subscription subscription = subscription(1, (message, ack) -> {
			attempts.add(message.attempt());
			if (attempts.size() == 1) {
				this.release.await();
			}
		});
		ContainerFixture first = this.nodes.add();
		first.start(subscription.withOptions(subscription.options().withShutdownTimeout(Duration.ofMillis(200))));
		add("order");
		await().atMost(PATIENCE).until(() -> attempts.size() == 1);

		first.registry.stop();
		this.nodes.add().start(subscription);

		await().atMost(PATIENCE).until(() -> attempts.size() == 2);
		assertThat(attempts).containsExactly(1, 1);
	}

	@Test
	void rollingRestartsCostAWaitingMessageNoAttempt() {
		List<Integer> attempts = new CopyOnWriteArrayList<>();
		Subscription subscription = subscription(1, (message, ack) -> {
			attempts.add(message.attempt());
			throw new IllegalStateException("no stock");
		}).withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMinutes(1))));
		ContainerFixture node = this.nodes.add();
		node.start(subscription);
		add("order");
		await().atMost(PATIENCE).until(() -> attempts.size() == 1);

		for (int i = 0; i < 3; i++) {
			node.registry.stop();
			node = this.nodes.add();
			node.start(subscription);
			await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> attempts.size() == 1);
		}

		assertThat(attempts).containsExactly(1);
	}

	private Subscription hangs(int threads, int attempt) {
		return subscription(threads, (message, ack) -> {
			if (message.attempt() < attempt) {
				throw new IllegalStateException("no stock");
			}
			if (name(message).equals("hangs")) {
				this.starts.incrementAndGet();
				while (this.release.getCount() > 0) {
					LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
					Thread.interrupted();
				}
			}
			this.handled.add(name(message));
		}).withRedelivery(Redelivery.defaults()
			.withTimeout(Duration.ofMillis(500))
			.withBackoff(RetryBackoff.fixed(Duration.ofMillis(300))));
	}

	private Subscription subscription(int threads, StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler).withOptions(Nodes.quick().withThreads(threads));
	}

	private static long stuck(ContainerFixture node) {
		return node.kinds().stream().filter((kind) -> kind == Kind.STUCK).count();
	}

	private static String name(StreamMessage<EntryFields> message) {
		return String.valueOf(message.payload().getText("name"));
	}

	private void add(String name) {
		this.redis.xadd(this.stream, Map.of("name", name));
	}

}
