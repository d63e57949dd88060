package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.admin.StreamAdminException;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.netty.channel.DefaultEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Publishing from event loops: those of others, as WebFlux has them, and the driver's.
 */
@RedisTest
class EventLoopIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final DefaultEventLoop loop = new DefaultEventLoop();

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private RedisStreamProducer producer;

	EventLoopIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
	}

	@BeforeEach
	void open() {
		this.producer = RedisStreamProducer.builder(this.connections).build();
		this.producer.publish(this.redis.key("warm"), "x");
	}

	@AfterEach
	void close() {
		this.producer.close();
		this.connections.close();
		this.threads.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void keepsTheOrderOfAnEventLoop() throws Exception {
		List<CompletableFuture<RecordId>> futures = new ArrayList<>();
		for (int round = 0; round < 30; round++) {
			onLoop(() -> {
				for (int i = 0; i < 2000; i++) {
					futures.add(this.producer.publishAsync(this.stream, "m"));
				}
				return null;
			});
			CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		}

		assertThat(inversions(futures)).isZero();
	}

	@Test
	void publishesOnAnEventLoop() throws Exception {
		RecordId id = onLoop(() -> this.producer.publish(this.stream, "x"));
		List<RecordId> ids = onLoop(() -> this.producer.newSession().add(this.stream, "y").commit());

		assertThat(inversions(
				List.of(CompletableFuture.completedFuture(id), CompletableFuture.completedFuture(ids.get(0)))))
			.isZero();
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
	}

	@Test
	void refusesToWaitOnTheThreadThatReadsReplies() {
		StreamAdmin admin = StreamAdmin.builder(this.connections).deadLetterSuffix((stream) -> ":dead").build();

		assertThatExceptionOfType(StreamAdminException.class)
			.isThrownBy(() -> onDriver(() -> admin.length(this.stream)));
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> onDriver(() -> this.producer.publish(this.stream, "x")))
			.withMessageContaining("publishAsync")
			.satisfies(EventLoopIntegrationTests::isRejected);
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> onDriver(() -> this.producer.newSession().add(this.stream, "x").commit()))
			.withMessageContaining("commitAsync")
			.satisfies(EventLoopIntegrationTests::isRejected);

		assertThat(this.redis.xlen(this.stream)).isZero();
	}

	private static void isRejected(PublishException failure) {
		assertThat(failure.results()).extracting(PublishResult::status).containsExactly(PublishResult.Status.REJECTED);
	}

	private <T> T onLoop(Callable<T> task) throws Exception {
		return this.loop.submit(task).get(10, TimeUnit.SECONDS);
	}

	/**
	 * Do something in a callback. One that is added after the reply runs at once, on the
	 * thread of the test: then it is tried again.
	 */
	private <T> T onDriver(Callable<T> task) throws Throwable {
		Thread test = Thread.currentThread();
		CompletableFuture<T> outcome = null;
		while (outcome == null) {
			outcome = this.producer.publishAsync(this.redis.key("warm"), "x")
				.thenApply((id) -> (Thread.currentThread() != test) ? call(task) : null)
				.get(10, TimeUnit.SECONDS);
		}
		try {
			return outcome.join();
		}
		catch (CompletionException ex) {
			throw ex.getCause();
		}
	}

	private static <T> CompletableFuture<T> call(Callable<T> task) {
		try {
			return CompletableFuture.completedFuture(task.call());
		}
		catch (Exception ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static long inversions(List<CompletableFuture<RecordId>> futures) {
		long found = 0;
		for (int i = 1; i < futures.size(); i++) {
			RecordId before = futures.get(i - 1).join();
			RecordId id = futures.get(i).join();
			int order = Long.compare(before.getTimestamp(), id.getTimestamp());
			if (order > 0 || (order == 0 && before.getSequence() > id.getSequence())) {
				found++;
			}
		}
		return found;
	}

}
