package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@RedisTest
class StreamListenerContainerIntegrationTests {

	private final TestRedis redis;

	@AutoClose
	private final Nodes nodes;

	private final Queue<StreamMessage<EntryFields>> handled = new ConcurrentLinkedQueue<>();

	private final String stream;

	StreamListenerContainerIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.nodes = new Nodes(redis);
	}

	private Subscription recording() {
		return subscription((message, ack) -> this.handled.add(message));
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler).withOptions(Nodes.quick());
	}

	private void awaitSettled() {
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.redis.pendingCount(this.stream, "billing")).isZero());
	}

	@Test
	void handlesAndAcknowledgesWhatWasAddedBeforeAndAfterItStarted() {
		this.redis.xadd(this.stream, Map.of("name", "dog"));
		this.nodes.add().start(recording());
		await().until(() -> this.handled.size() == 1);

		this.redis.xadd(this.stream, Map.of("name", "cat"));

		await().until(() -> this.handled.size() == 2);
		awaitSettled();
		assertThat(this.handled).extracting((message) -> message.payload().getText("name"))
			.containsExactly("dog", "cat");
		assertThat(this.handled).extracting(StreamMessage::attempt).containsOnly(1);
	}

	@Test
	void handlesManyMessagesEachOnce() {
		Set<String> names = ConcurrentHashMap.newKeySet();
		AtomicInteger starts = new AtomicInteger();
		this.nodes.add().start(subscription((message, ack) -> {
			starts.incrementAndGet();
			names.add(String.valueOf(message.payload().getText("name")));
		}));

		for (int i = 0; i < 5000; i++) {
			this.redis.xadd(this.stream, Map.of("name", "order" + i));
		}

		await().atMost(Duration.ofSeconds(20)).until(() -> names.size() == 5000);
		awaitSettled();
		assertThat(starts).hasValue(5000);
	}

	@Test
	void attemptsAgainAndThenMovesToTheDeadLetterStream() {
		List<Long> times = new ArrayList<>();
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> {
			times.add(System.nanoTime());
			throw new IllegalStateException("no stock");
		}).withRedelivery(
				Redelivery.defaults().withRetryCount(3).withBackoff(RetryBackoff.fixed(Duration.ofMillis(500)))));

		String id = this.redis.xadd(this.stream, Map.of("name", "dog"));

		String deadLetters = "{" + this.stream + "}:dlq";
		await().atMost(Duration.ofSeconds(20)).until(() -> this.redis.xlen(deadLetters) == 1);
		awaitSettled();
		assertThat(times).hasSize(4);
		for (int i = 1; i < 4; i++) {
			assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1))).isBetween(Duration.ofMillis(495),
					Duration.ofMillis(1500));
		}
		assertThat(this.redis.execute("XRANGE", deadLetters, "-", "+").toString()).contains("name, dog", id,
				"attempts-exhausted", "java.lang.IllegalStateException", "__DLQ_ATTEMPTS, 4");
		assertThat(node.outcomes()).containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.FAILED,
				Outcome.DEAD_LETTERED);
	}

	@Test
	void waitsLongerThanTheLeaseBetweenAttempts() {
		List<Long> times = new ArrayList<>();
		this.nodes.add().start(subscription((message, ack) -> {
			times.add(System.nanoTime());
			throw new IllegalStateException("no stock");
		}).withRedelivery(
				Redelivery.defaults().withRetryCount(1).withBackoff(RetryBackoff.fixed(Duration.ofSeconds(5)))));

		this.redis.xadd(this.stream, Map.of("name", "dog"));

		await().atMost(Duration.ofSeconds(20)).until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);
		assertThat(times).hasSize(2);
		assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(4990));
	}

	@Test
	void deadLettersWhatCannotBeReadAtItsFirstDelivery() {
		AtomicInteger starts = new AtomicInteger();
		this.nodes.add().start(subscription((message, ack) -> {
			starts.incrementAndGet();
			throw new PayloadConversionException("not JSON");
		}));

		this.redis.xadd(this.stream, Map.of("payload", "{"));

		await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);
		awaitSettled();
		assertThat(starts).hasValue(1);
	}

	@Test
	void deadLettersWhatHasMoreFieldsThanAScriptCanPassOn() {
		Map<String, String> fields = new LinkedHashMap<>();
		for (int i = 0; i < 5_000; i++) {
			fields.put("field" + i, "x");
		}
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> {
			throw new IllegalStateException("no stock");
		}).withRedelivery(Redelivery.defaults().withRetryCount(0)));

		this.redis.xadd(this.stream, fields);

		await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);
		awaitSettled();
		await().untilAsserted(() -> assertThat(node.outcomes()).containsExactly(Outcome.DEAD_LETTERED));
	}

	@Test
	void refusesItsOwnStreamForDeadLetters() {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.nodes.add()
				.start(recording().withDeadLetters(DeadLetterPolicy.defaults().withStream(this.stream))))
			.withMessageContaining("dead letters of stream \"" + this.stream + "\"");
	}

	@Test
	void interruptsHandlersAtTheirDeadline() {
		AtomicInteger interrupts = new AtomicInteger();
		CountDownLatch never = new CountDownLatch(1);
		this.nodes.add().start(subscription((message, ack) -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				interrupts.incrementAndGet();
				throw ex;
			}
		}).withRedelivery(Redelivery.defaults()
			.withRetryCount(1)
			.withTimeout(Duration.ofMillis(300))
			.withBackoff(RetryBackoff.fixed(Duration.ofMillis(50)))));

		this.redis.xadd(this.stream, Map.of("name", "dog"));

		await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);
		assertThat(interrupts).hasValue(2);
	}

	@Test
	void runsALongHandlerOnceOnThreeNodes() {
		AtomicInteger starts = new AtomicInteger();
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 3; i++) {
			this.nodes.add().start(subscription((message, ack) -> {
				starts.incrementAndGet();
				release.await();
			}));
		}

		String id = this.redis.xadd(this.stream, Map.of("name", "dog"));
		await().until(() -> starts.get() == 1);
		await("it is not started again").atMost(Duration.ofSeconds(15))
			.during(Duration.ofSeconds(6))
			.until(() -> starts.get() == 1);
		release.countDown();

		awaitSettled();
		assertThat(starts).hasValue(1);
		assertThat(id).isNotEmpty();
	}

	@Test
	void claimsWhatAConsumerLeftBehind() {
		this.redis.xadd(this.stream, Map.of("name", "dog"));
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "crashed", "STREAMS", this.stream, ">");

		this.nodes.add().start(recording());

		await().until(() -> this.handled.size() == 1);
		awaitSettled();
		assertThat(this.handled.peek().attempt()).isEqualTo(2);
	}

	/**
	 * Redis alone knows how often an entry was delivered: while it waited here, another
	 * consumer may have had it, failed, and handed it back.
	 */
	@Test
	void countsTheAttemptsThatOthersMadeWhileAMessageWaited() {
		ContainerFixture node = this.nodes.add();
		node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			this.handled.add(message);
			if (message.attempt() == 1) {
				throw new IllegalStateException("no stock");
			}
		})
			.withOptions(Nodes.quick().withLease(Duration.ofSeconds(30)).withClaimInterval(Duration.ofHours(1)))
			.withRedelivery(
					Redelivery.defaults().withRetryCount(5).withBackoff(RetryBackoff.fixed(Duration.ofSeconds(3)))));
		String id = this.redis.xadd(this.stream, Map.of("name", "dog"));
		await().until(() -> this.redis.hasPending(this.stream, "billing", Duration.ofSeconds(20)));

		this.redis.execute("XCLAIM", this.stream, "billing", "other", "0", id, "RETRYCOUNT", "2", "IDLE", "60000");

		await().until(() -> this.handled.size() == 2);
		awaitSettled();
		assertThat(this.handled).extracting(StreamMessage::attempt).containsExactly(1, 3);
		assertThat(node.kinds()).containsExactly(Kind.OUTCOME, Kind.CLAIMED, Kind.OUTCOME);
		assertThat(node.outcomes()).containsExactly(Outcome.FAILED, Outcome.HANDLED);
	}

	@Test
	void createsALostGroupAgainAndHandlesWhatWasAddedSince() {
		this.nodes.add().start(recording());
		this.redis.xadd(this.stream, Map.of("name", "before"));
		await().until(() -> this.handled.size() == 1);
		awaitSettled();

		this.redis.execute("DEL", this.stream);
		for (int i = 0; i < 100; i++) {
			this.redis.xadd(this.stream, Map.of("name", "after" + i));
		}

		await().atMost(Duration.ofSeconds(10)).until(() -> this.handled.size() == 101);
		awaitSettled();
	}

	@Test
	void handsBackWhatNeverStartedWhenItStops() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		ContainerFixture first = this.nodes.add();
		StreamListenerContainer container = first.start(subscription((message, ack) -> {
			started.countDown();
			release.await();
			this.handled.add(message);
		}).withOptions(Nodes.quick().withThreads(1)));
		for (int i = 0; i < 5; i++) {
			this.redis.xadd(this.stream, Map.of("name", "order" + i));
		}
		await().until(() -> started.getCount() == 0);

		container.stop(() -> this.redis.xadd(this.redis.key("stopped"), Map.of("yes", "1")));
		release.countDown();
		await().until(() -> this.redis.xlen(this.redis.key("stopped")) == 1);
		this.nodes.add().start(recording());

		await().until(() -> this.handled.size() == 5);
		awaitSettled();
		assertThat(this.handled).extracting(StreamMessage::attempt).containsOnly(1);
		assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void letsHandlersFinishWhenTheNewGroupBeginsAfterTheirMessages() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger starts = new AtomicInteger();
		this.nodes.add().start(subscription((message, ack) -> {
			starts.incrementAndGet();
			release.await();
			this.handled.add(message);
		}));
		this.redis.xadd(this.stream, Map.of("name", "dog"));
		await().until(() -> starts.get() == 1);

		this.redis.execute("EVAL", "redis.call('XGROUP', 'DESTROY', KEYS[1], 'billing') "
				+ "return redis.call('XGROUP', 'CREATE', KEYS[1], 'billing', '$')", "1", this.stream);
		await("it is not started again for more than one renewal").during(Duration.ofSeconds(3))
			.until(() -> starts.get() == 1);
		release.countDown();

		await().until(() -> this.handled.size() == 1);
		assertThat(starts).hasValue(1);
	}

}
