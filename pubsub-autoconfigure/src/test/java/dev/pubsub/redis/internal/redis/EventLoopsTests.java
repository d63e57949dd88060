package dev.pubsub.redis.internal.redis;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

class EventLoopsTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	private static final Duration LONG = Duration.ofSeconds(10);

	private final DefaultEventLoop loop = new DefaultEventLoop();

	private final EventLoops loops = new EventLoops();

	private final StatefulRedisConnectionImpl<?, ?> connection = mock();

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully();
	}

	@Test
	void connectionThatIsReadyHasItsLoop() {
		ready();

		assertThat(this.loops.loopOf(this.connection, SHORT)).isSameAs(this.loop);
	}

	@Test
	void connectionIsWaitedForUntilItsLoopHasMadeItReady() {
		CompletableFuture<EventExecutor> found = CompletableFuture
			.supplyAsync(() -> this.loops.loopOf(this.connection, LONG));
		assertThat(found).isNotDone();

		ready();

		assertThat(found).succeedsWithin(LONG).isSameAs(this.loop);
	}

	@Test
	void connectionThatIsNotReadyInTimeIsNone() {
		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> this.loops.loopOf(this.connection, SHORT))
			.withMessage("the connection was not ready in time");
	}

	@Test
	void connectionThatWasLostIsNotWaitedFor() {
		this.loops.onRedisDisconnected((RedisChannelHandler<?, ?>) this.connection);

		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> this.loops.loopOf(this.connection, LONG))
			.withMessage("the connection was lost at once");
	}

	private void ready() {
		this.loop.submit(() -> this.loops.onRedisConnected((RedisChannelHandler<?, ?>) this.connection,
				InetSocketAddress.createUnresolved("localhost", 6379)))
			.syncUninterruptibly();
	}

}
