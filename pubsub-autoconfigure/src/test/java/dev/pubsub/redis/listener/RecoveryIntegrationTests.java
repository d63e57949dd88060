package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many entries that a consumer left behind.
 */
@RedisTest
class RecoveryIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int MANY = 3000;

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final Nodes nodes;

	RecoveryIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.nodes = new Nodes(redis);
	}

	private void leaveBehind(int deliveries) {
		leaveBehind(MANY, deliveries);
	}

	/**
	 * Let a consumer that never answers have messages.
	 * @param deliveries how often they were delivered, with a lease that is over
	 */
	private void leaveBehind(int count, int deliveries) {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		for (int i = 0; i < count; i++) {
			this.redis.xadd(this.stream, Map.of("name", "order" + i));
		}
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", String.valueOf(count), "STREAMS",
				this.stream, ">");
		List<String> claim = new ArrayList<>(List.of("XCLAIM", this.stream, "billing", "dead", "0"));
		for (Object entry : this.redis.executeForList("XRANGE", this.stream, "-", "+")) {
			claim.add(String.valueOf(((List<?>) entry).get(0)));
		}
		claim.addAll(List.of("IDLE", "3600000", "RETRYCOUNT", String.valueOf(deliveries), "JUSTID"));
		this.redis.execute(claim.toArray(new String[0]));
	}

	private void start(int threads, int retryCount, StreamHandler handler) {
		this.nodes.add().start(subscription(threads, retryCount, handler));
	}

	private Subscription subscription(int threads, int retryCount, StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler)
			.withOptions(Nodes.quick().withThreads(threads))
			.withRedelivery(Redelivery.defaults().withRetryCount(retryCount));
	}

	private void awaitSettled() {
		await().atMost(PATIENCE).until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
	}

	private long calls(String command) {
		String stats = String.valueOf(this.redis.execute("INFO", "commandstats"));
		for (String line : stats.split("\\R")) {
			if (line.startsWith("cmdstat_" + command + ":calls=")) {
				return Long.parseLong(line.replaceAll("^.*?calls=(\\d+),.*$", "$1"));
			}
		}
		return 0;
	}

	/**
	 * Return how often it was looked for removed entries, as older servers count it, too.
	 */
	private long looks() {
		return calls("xinfo") + calls("xinfo|stream");
	}

	@Test
	void quickHandlersAreGivenManyAtOnce() {
		AtomicInteger handled = new AtomicInteger();
		leaveBehind(1);
		long before = calls("evalsha");

		start(10, 3, (message, ack) -> handled.incrementAndGet());

		awaitSettled();
		assertThat(handled).hasValue(MANY);
		assertThat(calls("evalsha") - before).isLessThan(MANY / 15);
	}

	@Test
	void aPauseEndsTheClaimingOfQuickHandlersToo() {
		AtomicInteger handled = new AtomicInteger();
		CompletableFuture<StreamListenerContainer> started = new CompletableFuture<>();
		leaveBehind(1);

		StreamListenerContainer container = this.nodes.add().start(subscription(10, 3, (message, ack) -> {
			if (handled.incrementAndGet() == 200) {
				started.get().pause();
			}
		}));
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);
		started.complete(container);

		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.PAUSED);
		// A paused container goes on looking for removed entries, once per claim
		// interval.
		long before = looks();
		await().atMost(PATIENCE).until(() -> looks() >= before + 4);
		assertThat(handled.get()).isLessThan(MANY / 2);
		container.resume();
		awaitSettled();
		assertThat(handled).hasValue(MANY);
	}

	/**
	 * Of two threads, one is for new messages.
	 */
	@Test
	void whatWasDeliveredMoreOftenIsClaimedOnlyToStart() {
		AtomicInteger handled = new AtomicInteger();
		leaveBehind(2);
		long before = calls("evalsha");

		start(2, 3, (message, ack) -> handled.incrementAndGet());

		awaitSettled();
		assertThat(handled).hasValue(MANY);
		assertThat(calls("evalsha") - before).isGreaterThanOrEqualTo(MANY);
	}

	@Test
	void slowHandlersAreGivenNoMoreThanStart() {
		AtomicInteger claimed = new AtomicInteger();
		AtomicInteger started = new AtomicInteger();
		AtomicInteger waiting = new AtomicInteger();
		leaveBehind(1);

		this.nodes.addObserved(new ClaimsObserver(claimed)).start(subscription(4, 3, (message, ack) -> {
			waiting.accumulateAndGet(claimed.get() - started.getAndIncrement(), Math::max);
			LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
		}));

		awaitSettled();
		assertThat(started).hasValue(MANY);
		assertThat(waiting).hasValueBetween(1, 3);
	}

	/**
	 * Of ten threads, each may have begun one message, and finished some more that were
	 * not acknowledged: as many as take 100 ms.
	 */
	@Test
	void lastAttemptsThatMayHaveBegunRunAlone() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger mostOfFirst = new AtomicInteger();
		AtomicInteger handled = new AtomicInteger();
		CountDownLatch together = new CountDownLatch(2);
		leaveBehind(200, 1);

		start(10, 1, (message, ack) -> {
			int number = handled.getAndIncrement();
			int most = running.incrementAndGet();
			if (number < 20) {
				mostOfFirst.accumulateAndGet(most, Math::max);
			}
			if (number < 120) {
				LockSupport.parkNanos(Duration.ofMillis(15).toNanos());
			}
			else {
				together.countDown();
				together.await();
			}
			running.decrementAndGet();
		});

		awaitSettled();
		assertThat(handled).hasValue(200);
		assertThat(mostOfFirst).hasValue(1);
		assertThat(this.redis.xlen("{" + this.stream + "}:dlq")).isZero();
	}

	@Test
	void acknowledgesTrimmedEntriesManyAtOnce() {
		leaveBehind(4);
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "0");
		long before = calls("xack");

		start(10, 3, (message, ack) -> {
		});

		awaitSettled();
		await().atMost(PATIENCE).until(() -> calls("xack") - before >= MANY / 128);
		assertThat(calls("xack") - before).isLessThan(MANY / 15);
	}

	private record ClaimsObserver(AtomicInteger claimed) implements StreamObserver {

		@Override
		public void onEvent(MessageEvent event) {
			if (event.kind() == MessageEvent.Kind.CLAIMED) {
				this.claimed.incrementAndGet();
			}
		}

	}

}
