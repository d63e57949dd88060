package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.test.FaultProxy;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the producer says when the network fails. {@code -Dpubsub.test.outage=60} makes
 * the outage as long as the release test wants it, in seconds.
 */
@RedisTest
class ProducerFaultIntegrationTests {

	private static final int CUTS = 100;

	private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("pubsub.test.outage", 4));

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final TestRedis redis;

	private final String stream;

	private FaultProxy proxy;

	private LettuceConnectionFactory factory;

	private RedisStreamProducer producer;

	ProducerFaultIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
	}

	@BeforeEach
	void open() {
		this.proxy = FaultProxy.to(this.redis.host(), this.redis.port());
		this.factory = this.proxy.connectionFactory();
		this.producer = RedisStreamProducer.builder(this.factory)
			.options(ProducerOptions.defaults().withTimeout(TIMEOUT))
			.build();
	}

	@AfterEach
	void close() {
		this.producer.close();
		this.factory.destroy();
		this.proxy.close();
	}

	@Test
	void sendsEachMessageAtMostOnceWhenRepliesAreLost() {
		int sent = 0;
		List<String> unknown = new ArrayList<>();
		for (int i = 0; i < CUTS; i++) {
			publishUntilSent("good" + i, unknown);
			sent++;
			PublishResult result = publishWithoutReply("lost" + i, PublishOptions.defaults());
			assertThat(result.status()).as("message %s: %s", i, result).isEqualTo(PublishResult.Status.UNKNOWN);
			unknown.add("lost" + i);
		}

		List<String> landed = payloads();
		assertThat(new HashSet<>(landed)).hasSameSizeAs(landed);
		landed.removeAll(unknown);
		assertThat(landed).hasSize(sent);
	}

	@Test
	void sendsEachMessageExactlyOnceWithIdempotencyIdAndRetries() {
		for (int i = 0; i < CUTS; i++) {
			PublishOptions options = PublishOptions.defaults().withIdempotencyId("order-" + i);
			String payload = "order-" + i;
			publishWithoutReply(payload, options);
			await().ignoreExceptionsInstanceOf(PublishException.class)
				.until(() -> this.producer.publish(this.stream, payload, options) != null);
		}

		assertThat(payloads()).hasSize(CUTS).doesNotHaveDuplicates();
	}

	@Test
	void rejectsAndSendsNothingWhileRedisIsAway() {
		this.producer.publish(this.stream, "before");
		this.proxy.mode(FaultProxy.Mode.REFUSE);
		awaitNoticed();

		PublishException sync = catchThrowableOfType(PublishException.class,
				() -> this.producer.publish(this.stream, "sync"));
		long start = System.nanoTime();
		assertThat(this.producer.publishAsync(this.stream, "async")).isCompletedExceptionally();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.dividedBy(2));
		ProducerSession session = this.producer.newSession().add(this.stream, "a").add(this.stream, "b");
		PublishException batch = catchThrowableOfType(PublishException.class, session::commit);

		assertThat(sync.results()).extracting(PublishResult::status).containsOnly(PublishResult.Status.REJECTED);
		assertThat(batch.results()).extracting(PublishResult::status).containsOnly(PublishResult.Status.REJECTED);
		assertThat(payloads()).containsExactly("before");
		this.proxy.mode(FaultProxy.Mode.NORMAL);
		await("connected again").pollInSameThread()
			.atMost(Duration.ofSeconds(5))
			.until(() -> session.size() == 0 || commits(session));
		assertThat(payloads()).containsExactly("before", "a", "b");
	}

	@Test
	void doesNotSendTheRestOfSessionAfterConnectionIsLost() {
		ProducerSession session = this.producer.newSession();
		session.add(this.stream, "first");
		session.commit();
		for (int i = 0; i < 10_000; i++) {
			session.add(this.stream, "m" + i);
		}

		this.proxy.mode(FaultProxy.Mode.SWALLOW_REPLIES);
		PublishException failure = catchThrowableOfType(PublishException.class, session::commit);
		this.proxy.mode(FaultProxy.Mode.NORMAL);

		assertThat(failure.results()).hasSize(10_000);
		long unknown = failure.results()
			.stream()
			.filter((result) -> result.status() == PublishResult.Status.UNKNOWN)
			.count();
		assertThat(unknown).isBetween(1L, 2048L);
		assertThat(failure.retryable().size()).isEqualTo((int) (10_000 - unknown));
		assertThat(payloads()).hasSizeLessThanOrEqualTo((int) (1 + unknown)).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@EnumSource(names = { "REFUSE", "BLACKHOLE" })
	void surfacesEveryFailureDuringOutageAndRecovers(FaultProxy.Mode mode) {
		this.producer.publish(this.stream, "before");
		Queue<Long> slowest = new ConcurrentLinkedQueue<>();
		AtomicLong failed = new AtomicLong();
		List<CompletableFuture<?>> open = new ArrayList<>();
		this.proxy.mode(mode);
		long heapBefore = usedHeap();

		long end = System.nanoTime() + OUTAGE.toNanos();
		long count = 0;
		while (System.nanoTime() < end) {
			long start = System.nanoTime();
			open.add(this.producer.publishAsync(this.stream, "during").whenComplete((id, failure) -> {
				slowest.add(System.nanoTime() - start);
				if (failure != null) {
					failed.incrementAndGet();
				}
			}));
			open.removeIf(CompletableFuture::isDone);
			count++;
			LockSupport.parkNanos(1_000_000);
		}
		long heapAfter = usedHeap();
		this.proxy.mode(FaultProxy.Mode.NORMAL);
		long healed = System.nanoTime();
		await("first success").pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(6)).until(this::publishes);
		Duration recovery = Duration.ofNanos(System.nanoTime() - healed);

		long all = count;
		await("all settled").atMost(Duration.ofSeconds(5)).until(() -> slowest.size() == all);
		Duration slow = Duration.ofNanos(slowest.stream().mapToLong(Long::longValue).max().orElseThrow());
		System.out.printf("%s for %s: %d published, %d failed, slowest answer %s, recovered in %s, heap %+d KB%n", mode,
				OUTAGE, all, failed.get(), slow, recovery, (heapAfter - heapBefore) / 1024);
		assertThat(failed.get()).isEqualTo(all);
		assertThat(slow).isLessThan(TIMEOUT.plusMillis(500));
		assertThat(recovery).isLessThan(Duration.ofSeconds(5));
		assertThat(heapAfter - heapBefore).isLessThan(20_000_000);
	}

	/**
	 * Publish until it is known to have worked: the cut before may not be noticed yet.
	 */
	private void publishUntilSent(String payload, List<String> unknown) {
		for (int attempt = 0;; attempt++) {
			String text = payload + "-" + attempt;
			try {
				this.producer.publish(this.stream, text);
				return;
			}
			catch (PublishException ex) {
				assertThat(attempt).as("attempts on %s", payload).isLessThan(5);
				unknown.add(text);
			}
		}
	}

	private PublishResult publishWithoutReply(String payload, PublishOptions options) {
		this.proxy.mode(FaultProxy.Mode.SWALLOW_REPLIES);
		CompletableFuture<?> reply = this.producer.publishAsync(this.stream, payload, options);
		try {
			await("the server has it").pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.atMost(TIMEOUT)
				.until(() -> reply.isDone() || payloads().contains(payload));
		}
		catch (ConditionTimeoutException ex) {
			// Asked what the server can do first, and got no reply to that either.
		}
		// In this order: the producer connects again at once, and needs replies for that.
		this.proxy.mode(FaultProxy.Mode.NORMAL);
		this.proxy.cut();
		try {
			return PublishResult.sent(this.stream, (RecordId) reply.get());
		}
		catch (ExecutionException ex) {
			return ((PublishException) ex.getCause()).results().get(0);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void awaitNoticed() {
		await("the producer has noticed").atMost(Duration.ofSeconds(5))
			.until(() -> this.producer.publishAsync(this.stream, "x").isCompletedExceptionally());
	}

	private boolean publishes() {
		try {
			this.producer.publish(this.stream, "after");
			return true;
		}
		catch (PublishException ex) {
			return false;
		}
	}

	private static boolean commits(ProducerSession session) {
		try {
			session.commit();
			return true;
		}
		catch (PublishException ex) {
			return false;
		}
	}

	private static long usedHeap() {
		System.gc();
		Runtime runtime = Runtime.getRuntime();
		return runtime.totalMemory() - runtime.freeMemory();
	}

	private List<String> payloads() {
		List<String> payloads = new ArrayList<>();
		for (Object entry : this.redis.executeForList("XRANGE", this.stream, "-", "+")) {
			payloads.add((String) ((List<?>) ((List<?>) entry).get(1)).get(1));
		}
		return payloads;
	}

}
