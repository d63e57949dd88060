package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.test.EndlessExecutor;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Connecting goes on whatever a full heap breaks off.
 */
class FullHeapTests {

	private static final int ATTEMPTS = 4;

	private final AtomicInteger attempts = new AtomicInteger();

	private final ExecutorService tasks = Executors.newCachedThreadPool();

	private final AtomicInteger refused = new AtomicInteger();

	private BackgroundThreads threads = BackgroundThreads.of(this.tasks);

	@AfterEach
	void close() {
		this.threads.close();
		this.tasks.shutdownNow();
	}

	private RoutedLink link(Place place) {
		if (place == Place.THREAD) {
			this.threads = BackgroundThreads.of(new RefusingExecutor());
		}
		ServerNode node = new ServerNode(RedisURI.create("redis://one"));
		LinkSettings settings = new LinkSettings("test", "one:6379", KeyPrefix.NONE, Duration.ofSeconds(5),
				Duration.ofSeconds(5), (server) -> connect(place), new EventLoops(), this.threads,
				new Reconnects().of("test"), () -> fail(place == Place.TROUBLE));
		return new RoutedLink(settings, new Topology(node),
				new ServerNodes(new RedisStandaloneConfiguration(), LettuceClientConfiguration.defaultConfiguration()));
	}

	private StatefulConnection<byte[], byte[]> connect(Place place) {
		this.attempts.incrementAndGet();
		fail(place != Place.AWAY);
		throw new IllegalStateException("Away");
	}

	private static void fail(boolean now) {
		if (now) {
			throw new OutOfMemoryError("Java heap space");
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectingGoesOn(Place place) {
		RoutedLink link = link(place);

		link.linkTo("orders").whenConnected();

		await().dontCatchUncaughtExceptions()
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.attempts.get() >= ATTEMPTS);
		link.close();
	}

	@SuppressWarnings("unchecked")
	@Test
	void aDriverThatSaysNothingIsNotAwaitedForEver() {
		CompletableFuture<StatefulRedisConnection<byte[], byte[]>> never = new CompletableFuture<>();
		StatefulRedisConnection<byte[], byte[]> late = mock(StatefulRedisConnection.class);

		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> DriverClient.await(ConnectionFuture.from(null, never), Duration.ofMillis(1)))
			.withMessageContaining("did not say");

		never.complete(late);
		verify(late).closeAsync();
		assertThat(DriverClient.await(ConnectionFuture.from(null, never), Duration.ofSeconds(1))).isSameAs(late);
	}

	/**
	 * Where the memory lacks.
	 */
	enum Place {

		/** There is enough. */
		AWAY,

		CONNECT,

		/** Also while others are told that connecting failed. */
		TROUBLE,

		/** There is no thread for each other attempt. */
		THREAD

	}

	private final class RefusingExecutor extends EndlessExecutor {

		@Override
		public void execute(Runnable task) {
			fail(FullHeapTests.this.refused.getAndIncrement() % 2 == 0);
			FullHeapTests.this.tasks.execute(task);
		}

	}

}
