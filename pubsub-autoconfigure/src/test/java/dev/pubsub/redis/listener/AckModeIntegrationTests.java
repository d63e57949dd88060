package dev.pubsub.redis.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.listener.StreamErrorHandler.FailedAttempt;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class AckModeIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final Queue<Acknowledgment> acknowledgments = new ConcurrentLinkedQueue<>();

	private final Queue<FailedAttempt> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger starts = new AtomicInteger();

	@AutoClose
	private final ContainerFixture node;

	AckModeIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.node = new ContainerFixture(redis);
	}

	private StreamListenerContainer start(ContainerOptions options, StreamHandler handler) {
		return this.node.start(Subscription.of(this.stream, "billing", handler)
			.withOptions(options)
			.withRedelivery(
					Redelivery.defaults().withRetryCount(2).withBackoff(RetryBackoff.fixed(Duration.ofMillis(50))))
			.withErrorHandler(this.failures::add));
	}

	private void add(String name) {
		this.redis.xadd(this.stream, Map.of("name", name));
	}

	private long pending() {
		return this.redis.pendingCount(this.stream, "billing");
	}

	private long deadLetters() {
		return this.redis.xlen("{" + this.stream + "}:dlq");
	}

	@Test
	void keepsAndRenewsAMessageUntilItIsAcknowledgedByHand() {
		start(Nodes.quick().withAckMode(AckMode.MANUAL), (message, ack) -> {
			this.starts.incrementAndGet();
			this.acknowledgments.add(ack);
		});
		add("dog");
		await().until(() -> this.acknowledgments.size() == 1);

		await("it is kept for longer than a lease").during(Duration.ofSeconds(3))
			.until(() -> pending() == 1 && this.starts.get() == 1);
		this.acknowledgments.element().acknowledge();

		await().until(() -> pending() == 0);
	}

	@Test
	void waitsForTheDecisionOfAnotherThreadWhenItStops() {
		StreamListenerContainer container = start(Nodes.quick().withAckMode(AckMode.MANUAL), (message, ack) -> {
			this.starts.incrementAndGet();
			this.acknowledgments.add(ack);
		});
		add("dog");
		await().until(() -> this.acknowledgments.size() == 1);

		CompletableFuture<Void> stop = CompletableFuture.runAsync(container::stop);
		await("it does not return").during(Duration.ofMillis(500)).until(() -> !stop.isDone());
		this.acknowledgments.element().acknowledge();

		assertThat(stop).succeedsWithin(Duration.ofSeconds(5));
		assertThat(pending()).isZero();
		assertThat(this.starts).hasValue(1);
	}

	@Test
	void leavesWhatStaysUndecidedToItsLeaseWhenItStops() {
		StreamListenerContainer container = start(
				Nodes.quick().withAckMode(AckMode.MANUAL).withShutdownTimeout(Duration.ofMillis(300)),
				(message, ack) -> this.starts.incrementAndGet());
		add("dog");
		await().until(() -> this.starts.get() == 1);

		assertThat(CompletableFuture.runAsync(container::stop)).succeedsWithin(Duration.ofSeconds(5));

		assertThat(pending()).isOne();
	}

	@Test
	void attemptsAgainAfterTheHandlersOwnDelay() {
		start(Nodes.quick(), (message, ack) -> {
			if (this.starts.incrementAndGet() == 1) {
				ack.retry(Duration.ofMillis(300));
			}
		});

		add("dog");

		await().until(() -> this.starts.get() == 2);
		await().until(() -> pending() == 0);
		assertThat(this.failures).extracting(FailedAttempt::willRetry).containsExactly(true);
	}

	@Test
	void deadLettersWhatTheHandlerRejectsWithItsReason() {
		start(Nodes.quick(), (message, ack) -> {
			this.starts.incrementAndGet();
			ack.reject("unknown customer");
		});

		add("dog");

		await().until(() -> deadLetters() == 1);
		await().until(() -> pending() == 0);
		assertThat(this.starts).hasValue(1);
		assertThat(String.valueOf(this.redis.execute("XRANGE", "{" + this.stream + "}:dlq", "-", "+")))
			.contains("rejected", "unknown customer");
		assertThat(this.failures).singleElement()
			.satisfies((failure) -> assertThat(failure.deadLettered()).isTrue())
			.satisfies((failure) -> assertThat(failure.willRetry()).isFalse());
	}

	@Test
	void movesTheDeadlineOfAHandlerThatAsksForMoreTime() {
		CountDownLatch release = new CountDownLatch(1);
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			this.starts.incrementAndGet();
			ack.extend(Duration.ofSeconds(30));
			release.await();
		}).withOptions(Nodes.quick()).withRedelivery(Redelivery.defaults().withTimeout(Duration.ofMillis(200))));
		add("dog");
		await().until(() -> this.starts.get() == 1);

		await("it runs for longer than the timeout").during(Duration.ofSeconds(1))
			.until(() -> this.node.outcomes().isEmpty());
		release.countDown();

		await().until(() -> pending() == 0);
		assertThat(this.starts).hasValue(1);
	}

	@Test
	void interruptsAHandlerThatAcknowledgedEarlyAtItsDeadline() {
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			this.starts.incrementAndGet();
			ack.acknowledge();
			new CountDownLatch(1).await();
		})
			.withOptions(Nodes.quick().withThreads(1))
			.withRedelivery(Redelivery.defaults().withTimeout(Duration.ofMillis(300))));

		add("dog");
		await().until(() -> pending() == 0 && this.starts.get() == 1);
		add("cat");

		await().until(() -> this.starts.get() == 2);
		await().until(() -> this.node.outcomes().equals(List.of(Outcome.HANDLED, Outcome.HANDLED)));
		assertThat(deadLetters()).isZero();
	}

	@Test
	void interruptsAHandlerThatAcknowledgedEarlyWhenItStops() {
		CountDownLatch interrupted = new CountDownLatch(1);
		StreamListenerContainer container = start(Nodes.quick().withShutdownTimeout(Duration.ofMillis(300)),
				(message, ack) -> {
					this.starts.incrementAndGet();
					ack.acknowledge();
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						interrupted.countDown();
						throw ex;
					}
				});
		add("dog");
		await().until(() -> this.starts.get() == 1);

		container.stop();

		await().until(() -> interrupted.getCount() == 0);
		await().until(() -> this.node.outcomes().equals(List.of(Outcome.HANDLED)));
	}

	@Test
	void reportsAStuckHandlerAlsoIfItAcknowledgedEarly() {
		CountDownLatch release = new CountDownLatch(1);
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			ack.acknowledge();
			while (release.getCount() > 0) {
				LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
			}
		}).withOptions(Nodes.quick()).withRedelivery(Redelivery.defaults().withTimeout(Duration.ofMillis(200))));

		add("dog");

		await().atMost(Duration.ofSeconds(15)).until(() -> this.node.kinds().contains(Kind.STUCK));
		release.countDown();
	}

	@Test
	void acknowledgesInAnyCaseInModeAlways() {
		start(Nodes.quick().withAckMode(AckMode.ALWAYS), (message, ack) -> {
			this.starts.incrementAndGet();
			throw new IllegalStateException("no stock");
		});

		add("dog");

		await().until(() -> this.starts.get() == 1);
		await().until(() -> pending() == 0);
		assertThat(deadLetters()).isZero();
		assertThat(this.failures).extracting(FailedAttempt::willRetry).containsExactly(false);
	}

	@Test
	void leavesNothingPendingInModeNone() {
		start(Nodes.quick().withAckMode(AckMode.NONE), (message, ack) -> {
			this.starts.incrementAndGet();
			throw new IllegalStateException("no stock");
		});

		add("dog");
		add("cat");

		await().until(() -> this.starts.get() == 2);
		assertThat(pending()).isZero();
		assertThat(deadLetters()).isZero();
	}

	@Test
	void leavesTheGroupWhenItStopsInModeNone() {
		StreamListenerContainer container = start(Nodes.quick().withAckMode(AckMode.NONE),
				(message, ack) -> this.starts.incrementAndGet());

		for (int i = 1; i <= 3; i++) {
			int expected = i;
			add("dog" + i);
			await().until(() -> this.starts.get() == expected);
			container.stop();
			assertThat(consumers()).isZero();
			container.start();
		}
	}

	@Test
	void deletesIdleConsumersInModeNone() {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		this.redis.execute("XGROUP", "CREATECONSUMER", this.stream, "billing", "killed");
		start(Nodes.quick().withAckMode(AckMode.NONE).withReapIdleAfter(Duration.ofMillis(800)),
				(message, ack) -> this.starts.incrementAndGet());
		add("dog");
		await().until(() -> this.starts.get() == 1);

		await().until(() -> consumers() == 1);
	}

	private int consumers() {
		return this.redis.executeForList("XINFO", "CONSUMERS", this.stream, "billing").size();
	}

	@Test
	void deletesWhatItAcknowledgedWhenAskedTo() {
		start(Nodes.quick().withDeleteAfterAck(true), (message, ack) -> this.starts.incrementAndGet());

		for (int i = 0; i < 50; i++) {
			add("order" + i);
		}

		await().until(() -> this.starts.get() == 50);
		await().until(() -> this.redis.xlen(this.stream) == 0);
		assertThat(pending()).isZero();
	}

	@Test
	void acknowledgesWithoutDeadLetterWhenThereIsNone() {
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			this.starts.incrementAndGet();
			throw new IllegalStateException("no stock");
		})
			.withOptions(Nodes.quick())
			.withRedelivery(Redelivery.defaults().withRetryCount(0))
			.withDeadLetters(DeadLetterPolicy.none()));

		add("dog");

		await().until(() -> this.starts.get() == 1);
		await().until(() -> pending() == 0);
		assertThat(deadLetters()).isZero();
	}

	@Test
	void givesUpAtOnceWhatIsNotToBeRetried() {
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			this.starts.incrementAndGet();
			throw new IllegalArgumentException("bad");
		})
			.withOptions(Nodes.quick())
			.withRedelivery(Redelivery.defaults().withExclude(Set.of(IllegalArgumentException.class))));

		add("dog");

		await().until(() -> deadLetters() == 1);
		assertThat(this.starts).hasValue(1);
		assertThat(String.valueOf(this.redis.execute("XRANGE", "{" + this.stream + "}:dlq", "-", "+")))
			.contains("not-retryable");
	}

	@Test
	void readsNothingWhileItIsPaused() {
		StreamListenerContainer container = start(Nodes.quick(), (message, ack) -> this.starts.incrementAndGet());
		add("dog");
		await().until(() -> this.starts.get() == 1);

		container.pause();
		Set<Instant> turns = new HashSet<>();
		await("the read under way ended, and turns without a read follow").until(() -> {
			turns.add(Objects.requireNonNull(container.getLastPoll()));
			return turns.size() > 4;
		});
		add("cat");
		await("nothing is read for some polls").during(Duration.ofMillis(500)).until(() -> this.starts.get() == 1);
		container.resume();

		await().until(() -> this.starts.get() == 2);
		assertThat(container.getState()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void startsNoMessageWithTheInterruptOfAnother() {
		Queue<Boolean> flags = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 5; i++) {
			add("order" + i);
		}
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			flags.add(Thread.currentThread().isInterrupted());
			Thread.currentThread().interrupt();
			if (flags.size() == 3) {
				throw new IllegalStateException("no stock");
			}
		})
			.withOptions(Nodes.quick().withThreads(1))
			.withRedelivery(Redelivery.defaults().withRetryCount(0))
			.withErrorHandler((failure) -> Thread.currentThread().interrupt()));

		await().until(() -> flags.size() == 5 && pending() == 0);
		assertThat(flags).containsOnly(false);
	}

	@Test
	void survivesErrorsAndErrorHandlersThatFail() {
		this.node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			if (this.starts.incrementAndGet() == 1) {
				throw new StackOverflowError("planted");
			}
		})
			.withOptions(Nodes.quick().withThreads(1))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(50))))
			.withErrorHandler((failure) -> {
				throw new LinkageError("planted");
			}));

		add("dog");
		add("cat");

		await().until(() -> this.starts.get() == 3);
		await().until(() -> pending() == 0);
	}

	@Test
	void worksWithoutARegistry() {
		StreamListenerContainer container = StreamListenerContainer.create(this.redis.connectionFactory(),
				Subscription.of(this.stream, "alone", (message, ack) -> this.starts.incrementAndGet()));
		add("dog");
		container.start();
		await().until(() -> this.starts.get() == 1);
		container.stop();
		add("cat");
		container.start();
		await().until(() -> this.starts.get() == 2);

		container.stop();

		assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
		assertThat(this.redis.pendingCount(this.stream, "alone")).isZero();
	}

	@Test
	void handsBatchesToAHandlerOfBatches() {
		Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 40; i++) {
			add("order" + i);
		}
		this.node.start(Subscription.ofBatches(this.stream, "billing", (messages, acks) -> {
			sizes.add(messages.size());
			if (this.starts.incrementAndGet() == 1) {
				throw new BatchFailureException(messages.get(3).id(), new IllegalStateException("only this one"));
			}
		})
			.withOptions(Nodes.quick().withThreads(1).withReadCount(20))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(50)))));

		await().until(() -> sizes.stream().mapToInt(Integer::intValue).sum() == 41);
		await().until(() -> pending() == 0);
		assertThat(sizes).contains(20).allMatch((size) -> size <= 20);
	}

	@Test
	void manualReadsOnWhileManyWaitForTheirNextAttempt() {
		AtomicInteger good = new AtomicInteger();
		this.redis.execute("EVAL", "for i=1,1300 do redis.call('XADD', KEYS[1], '*', 'name', 'bad') end", "1",
				this.stream);
		this.node.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
			if ("good".equals(message.payload().getText("name"))) {
				acknowledgment.acknowledge();
				good.incrementAndGet();
				return;
			}
			this.starts.incrementAndGet();
			throw new QuietException();
		})
			.withOptions(Nodes.quick().withAckMode(AckMode.MANUAL).withReadCount(16))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMinutes(1)))));
		await().until(() -> this.starts.get() >= 1024);

		add("good");

		await().until(() -> good.get() == 1);
	}

	@Test
	void manualReadsOnWhileManyHandlersRun() {
		int busy = 1100;
		CountDownLatch release = new CountDownLatch(1);
		this.redis.execute("EVAL", "for i=1,tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', 'name', 'dog') end",
				"1", this.stream, Integer.toString(busy));

		this.node.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
			this.starts.incrementAndGet();
			release.await();
			acknowledgment.acknowledge();
		}).withOptions(Nodes.quick().withAckMode(AckMode.MANUAL).withReadCount(16).withThreads(busy)));

		try {
			await().atMost(Duration.ofSeconds(30)).until(() -> this.starts.get() == busy);
		}
		finally {
			release.countDown();
		}
	}

	private static final class QuietException extends RuntimeException {

		QuietException() {
			super("no stock", null, false, false);
		}

	}

}
