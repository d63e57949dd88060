package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.util.Assert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many messages wait: what comes again, and what comes beside a slow one, need not.
 */
class BacklogIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final int BACKLOG = 20_000;

	private final AtomicInteger handled = new AtomicInteger();

	BacklogIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler)
			.withOptions(Nodes.quick())
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(300))));
	}

	private void fill(int count) {
		this.redis.execute("EVAL", "for i=1," + count + " do redis.call('XADD', KEYS[1], '*', 'name', 'good') end", "1",
				this.stream);
	}

	private static void work(long millis) {
		LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
	}

	private static boolean isBad(StreamMessage<EntryFields> message) {
		return "bad".equals(message.payload().getText("name"));
	}

	/**
	 * Wait until a bad message was handled, long before the rest is.
	 */
	private void awaitSoon(AtomicBoolean done) {
		await().atMost(PATIENCE).untilTrue(done);
		assertThat(this.handled.get()).isLessThan(BACKLOG);
	}

	@Test
	void attemptsAgain() {
		AtomicBoolean done = new AtomicBoolean();
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		fill(BACKLOG);
		Subscription one = subscription((message, ack) -> {
			work(5);
			if (isBad(message)) {
				Assert.state(message.attempt() > 1, "no stock");
				done.set(true);
			}
			this.handled.incrementAndGet();
		});

		this.nodes.add().start(one.withOptions(one.options().withThreads(2)));

		awaitSoon(done);
	}

	@Test
	void attemptsAgainOnTheOnlyThread() {
		AtomicBoolean done = new AtomicBoolean();
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		fill(BACKLOG);
		Subscription one = subscription((message, ack) -> {
			work(2);
			if (isBad(message)) {
				Assert.state(message.attempt() > 1, "no stock");
				done.set(true);
			}
			this.handled.incrementAndGet();
		});

		this.nodes.add().start(one.withOptions(one.options().withThreads(1)));

		awaitSoon(done);
	}

	@Test
	void attemptsAgainBesideBatches() {
		AtomicBoolean done = new AtomicBoolean();
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		fill(BACKLOG);
		Subscription batches = Subscription.ofBatches(this.stream, "billing", (messages, acks) -> {
			work(40);
			for (StreamMessage<EntryFields> message : messages) {
				if (isBad(message) && message.attempt() == 1) {
					throw new BatchFailureException(message.id(), new IllegalStateException("no stock"));
				}
				done.compareAndSet(false, isBad(message));
			}
			this.handled.addAndGet(messages.size());
		});

		this.nodes.add()
			.start(batches.withOptions(Nodes.quick().withThreads(2).withReadCount(20))
				.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(300)))));

		awaitSoon(done);
	}

	@Test
	void takesOverWhatADeadConsumerHad() {
		AtomicBoolean done = new AtomicBoolean();
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "STREAMS", this.stream, ">");
		fill(BACKLOG);
		Subscription one = subscription((message, ack) -> {
			work(4);
			done.compareAndSet(false, isBad(message));
			this.handled.incrementAndGet();
		});

		this.nodes.add().start(one.withOptions(one.options().withThreads(4).withLease(Duration.ofSeconds(1))));

		awaitSoon(done);
	}

	@Test
	void startsAMessageBesideASlowOneAfterManyQuickOnes() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		CountDownLatch next = new CountDownLatch(1);
		ContainerFixture node = this.nodes.add();
		fill(BACKLOG);
		node.start(subscription((message, ack) -> {
			if (isBad(message)) {
				CountDownLatch started = (slow.getCount() > 0) ? slow : next;
				started.countDown();
				if (started == slow) {
					this.release.await();
				}
			}
			this.handled.incrementAndGet();
		}));
		await().atMost(PATIENCE).until(() -> this.handled.get() == BACKLOG);
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		slow.await();

		this.redis.xadd(this.stream, Map.of("name", "bad"));

		assertThat(next.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void handlesWhatItHasWhenItIsPausedWhileARetryWaits() {
		AtomicInteger starts = new AtomicInteger();
		fill(200);
		this.redis.xadd(this.stream, Map.of("name", "bad"));
		Subscription one = subscription((message, ack) -> {
			work(20);
			starts.incrementAndGet();
			Assert.state(!isBad(message) || message.attempt() > 1, "no stock");
		});
		StreamListenerContainer container = this.nodes.add().start(one.withOptions(one.options().withThreads(1)));
		await().atMost(PATIENCE).until(() -> starts.get() >= 201);
		fill(10);
		await().until(() -> this.redis.pendingCount(this.stream, "billing") > 2);

		container.pause();

		await().atMost(PATIENCE).until(() -> this.redis.pendingCount(this.stream, "billing") <= 1);
	}

}
