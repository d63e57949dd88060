package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What observers are told of messages: each outcome, and the time of the handler.
 */
class OutcomeIntegrationTests extends ListenerTest {

	private static final Duration WORK = Duration.ofMillis(20);

	OutcomeIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private ContainerFixture start(AckMode mode, StreamHandler handler) {
		ContainerFixture node = this.nodes.add();
		node.start(subscription(handler).withOptions(Nodes.quick().withAckMode(mode)));
		return node;
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler)
			.withOptions(Nodes.quick())
			.withRedelivery(
					Redelivery.defaults().withRetryCount(1).withBackoff(RetryBackoff.fixed(Duration.ofMillis(50))));
	}

	private String add() {
		return this.redis.xadd(this.stream, Map.of("name", "dog"));
	}

	private static void work() {
		for (long end = System.nanoTime() + WORK.toNanos(); System.nanoTime() < end;) {
			LockSupport.parkNanos(WORK.toNanos());
		}
	}

	private static void fail() {
		work();
		throw new IllegalStateException("no stock");
	}

	private void deliverTo(String consumer) {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", consumer, "STREAMS", this.stream, ">");
	}

	private static void awaitOutcomes(ContainerFixture node, Outcome... outcomes) {
		await().atMost(Duration.ofSeconds(15))
			.untilAsserted(() -> assertThat(node.outcomes()).containsExactly(outcomes));
	}

	@Test
	void timesHandlersThatSucceed() {
		ContainerFixture node = start(AckMode.ON_SUCCESS, (message, ack) -> work());
		add();

		awaitOutcomes(node, Outcome.HANDLED);

		assertThat(node.messages).allSatisfy((event) -> assertThat(event.duration()).isGreaterThanOrEqualTo(WORK));
	}

	@Test
	void timesEachAttemptThatFailsOnce() {
		ContainerFixture node = start(AckMode.ON_SUCCESS, (message, ack) -> fail());
		add();

		awaitOutcomes(node, Outcome.FAILED, Outcome.DEAD_LETTERED);

		assertThat(node.messages).allSatisfy((event) -> assertThat(event.duration()).isGreaterThanOrEqualTo(WORK));
	}

	@Test
	void timesHandlersThatAcknowledge() {
		ContainerFixture node = start(AckMode.MANUAL, (message, ack) -> {
			work();
			ack.acknowledge();
		});
		add();

		awaitOutcomes(node, Outcome.HANDLED);

		assertThat(node.messages).allSatisfy((event) -> assertThat(event.duration()).isGreaterThanOrEqualTo(WORK));
	}

	@Test
	void tellsOfMessagesThatAnotherThreadAcknowledges() {
		Queue<Acknowledgment> acknowledgments = new ConcurrentLinkedQueue<>();
		ContainerFixture node = start(AckMode.MANUAL, (message, ack) -> acknowledgments.add(ack));
		add();
		await().until(() -> acknowledgments.size() == 1);

		acknowledgments.remove().acknowledge();

		awaitOutcomes(node, Outcome.HANDLED);
	}

	@Test
	void tellsOfWhatIsDroppedWithoutDeadLetters() {
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> fail()).withDeadLetters(DeadLetterPolicy.none()));
		add();

		awaitOutcomes(node, Outcome.FAILED, Outcome.DROPPED);
	}

	@Test
	void tellsOfDeadLettersThatRedisRefuses() {
		this.redis.execute("SET", "{" + this.stream + "}:dlq", "not a stream");
		ContainerFixture node = start(AckMode.ON_SUCCESS, (message, ack) -> fail());
		add();

		await().until(() -> node.outcomes().contains(Outcome.DEAD_LETTER_REFUSED));
		this.redis.execute("DEL", "{" + this.stream + "}:dlq");
		await().until(() -> node.outcomes().contains(Outcome.DEAD_LETTERED));

		assertThat(node.messages).filteredOn((event) -> event.outcome() == Outcome.DEAD_LETTER_REFUSED)
			.allSatisfy((event) -> assertThat(event.duration()).isZero());
		assertThat(node.messages).last().extracting(MessageEvent::duration).isNotEqualTo(Duration.ZERO);
	}

	@Test
	void tellsOfEntriesThatWereDeletedBeforeTheyWereHandled() {
		String id = add();
		deliverTo("dead");
		this.redis.execute("XDEL", this.stream, id);

		ContainerFixture node = start(AckMode.ON_SUCCESS, (message, ack) -> work());

		awaitOutcomes(node, Outcome.PAYLOAD_LOST);
	}

	@Test
	void tellsOfWhatItTookFromAnotherConsumer() {
		add();
		deliverTo("dead");

		ContainerFixture node = start(AckMode.ON_SUCCESS, (message, ack) -> work());

		awaitOutcomes(node, Outcome.HANDLED);
		assertThat(node.kinds()).containsExactly(Kind.CLAIMED, Kind.OUTCOME);
	}

	@Test
	void tellsOfTheAttemptsThatWereMadeWhenItGivesUpWhatADeadConsumerHad() {
		String id = add();
		deliverTo("dead");
		// Claims that came to nothing are no attempts.
		this.redis.execute("XCLAIM", this.stream, "billing", "dead", "0", id, "RETRYCOUNT", "5");
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> work()).withRedelivery(Redelivery.defaults().withRetryCount(0)));

		awaitOutcomes(node, Outcome.DEAD_LETTERED);
		assertThat(node.kinds()).containsExactly(Kind.CLAIMED, Kind.OUTCOME);

		assertThat(node.messages).last().extracting(MessageEvent::attempt).isEqualTo(1);
	}

	@Test
	void tellsOfALostLeaseWhileTheHandlerRuns() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		ContainerFixture node = start(AckMode.ON_SUCCESS, (message, ack) -> {
			started.countDown();
			this.release.await();
		});
		String id = add();
		started.await();
		this.redis.execute("XCLAIM", this.stream, "billing", "other", "0", id);

		awaitOutcomes(node, Outcome.LEASE_LOST);
	}

	@Test
	void tellsOfWhatItHandsBackUnstarted() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(subscription((message, ack) -> {
			started.countDown();
			if (message.payload().getText("name") != null) {
				this.release.await();
			}
		}).withOptions(Nodes.quick().withThreads(1).withShutdownTimeout(Duration.ofMillis(1))));
		// Quick handlers first, so that it reads ahead.
		for (int i = 0; i < 100; i++) {
			this.redis.xadd(this.stream, Map.of("quick", "yes"));
		}
		await().until(() -> node.outcomes().size() == 100);
		add();
		add();
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 2);

		container.stop();

		await().untilAsserted(() -> assertThat(node.outcomes()).contains(Outcome.RELEASED));
	}

	@Test
	void handlesWhatAnObserverFailsOn() {
		ContainerFixture node = this.nodes.addObserved((event) -> {
			throw new NoSuchMethodError("of another version of the metrics");
		});
		node.start(subscription((message, ack) -> work()));
		add();

		awaitOutcomes(node, Outcome.HANDLED);
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
	}

}
