package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One handler that has several messages, each with a lease and an acknowledgment of its
 * own.
 */
@RedisTest
class BatchIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final AtomicInteger starts = new AtomicInteger();

	private final CountDownLatch release = new CountDownLatch(1);

	@AutoClose
	private final ContainerFixture node;

	BatchIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.node = new ContainerFixture(redis);
	}

	@AfterEach
	void letHandlersEnd() {
		this.release.countDown();
	}

	/**
	 * Start with three messages that are handled in one batch.
	 */
	private List<String> start(BatchStreamHandler handler, Redelivery redelivery) {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			ids.add(this.redis.xadd(this.stream, Map.of("name", "order" + i)));
		}
		ContainerOptions options = Nodes.quick().withThreads(1);
		this.node.start(Subscription.ofBatches(this.stream, "billing", handler)
			.withOptions(options)
			.withRedelivery(redelivery.withRetryCount(0)));
		await().until(() -> this.starts.get() == 3);
		return ids;
	}

	private long deadLetters() {
		return this.redis.xlen("{" + this.stream + "}:dlq");
	}

	private void take(String id) {
		this.redis.execute("XCLAIM", this.stream, "billing", "other", "0", id);
	}

	@Test
	void goesOnForTheOthersWhenOneLeaseIsLost() {
		List<String> ids = start((messages, acks) -> {
			this.starts.addAndGet(messages.size());
			this.release.await();
			throw new BatchFailureException(messages.get(1).id(), new IllegalStateException("no stock"));
		}, Redelivery.defaults());

		take(ids.get(1));
		await().untilAsserted(() -> assertThat(this.node.outcomes()).containsExactly(Outcome.LEASE_LOST));
		this.release.countDown();

		await().until(() -> this.node.outcomes().size() == 3);
		assertThat(this.node.outcomes()).containsExactlyInAnyOrder(Outcome.HANDLED, Outcome.LEASE_LOST,
				Outcome.HANDLED);
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 1);
		assertThat(deadLetters()).isZero();
	}

	@Test
	void isInterruptedWhenAllLeasesAreLost() {
		List<String> ids = start((messages, acks) -> {
			this.starts.addAndGet(messages.size());
			this.release.await();
		}, Redelivery.defaults());

		ids.forEach(this::take);

		await().until(
				() -> this.node.outcomes().equals(List.of(Outcome.LEASE_LOST, Outcome.LEASE_LOST, Outcome.LEASE_LOST)));
		assertThat(deadLetters()).isZero();
		assertThat(this.redis.pendingCount(this.stream, "billing")).isEqualTo(3);
	}

	@Test
	void hasMoreTimeForAllWhenOneAcknowledgmentAsksForIt() {
		start((messages, acks) -> {
			acks.get(1).extend(Duration.ofSeconds(30));
			this.starts.addAndGet(messages.size());
			this.release.await();
		}, Redelivery.defaults().withTimeout(Duration.ofMillis(200)));

		await("it runs for longer than the timeout").during(Duration.ofMillis(800))
			.until(() -> this.node.outcomes().isEmpty());
		this.release.countDown();

		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
		assertThat(this.node.outcomes()).containsExactly(Outcome.HANDLED, Outcome.HANDLED, Outcome.HANDLED);
	}

	@Test
	void aFailureThatNamesNoMessageOfTheBatchFailsAll() {
		start((messages, acknowledgments) -> {
			this.starts.addAndGet(messages.size());
			throw new BatchFailureException(Map.of());
		}, Redelivery.defaults());

		await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 3);
	}

}
