package dev.pubsub.redis.listener;

import java.util.Set;
import java.util.stream.Collectors;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.KeepAlive;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class KeepAliveIntegrationTests {

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final StreamListenerContainerRegistry registry;

	private final Subscription subscription;

	/** Those of other tests, which share the JVM. */
	private final Set<Thread> others = keepers();

	KeepAliveIntegrationTests(TestRedis redis) {
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.registry = StreamListenerContainerRegistry.builder(this.connections).build();
		this.subscription = Subscription.of(redis.key("orders"), "billing", (message, ack) -> {
		});
	}

	@AfterEach
	void close() {
		this.registry.stop();
		this.connections.close();
		this.threads.close();
	}

	@Test
	void registryThatListensKeepsJvmAliveUntilItStops() {
		this.registry.register(this.subscription, "test");
		assertThat(isJvmKeptAlive()).isFalse();

		this.registry.start();
		assertThat(isJvmKeptAlive()).isTrue();

		this.registry.stop();
		await().until(() -> !isJvmKeptAlive());
	}

	@Test
	void registryThatHasNothingToListenToLetsJvmEnd() {
		this.registry.start();
		assertThat(isJvmKeptAlive()).isFalse();

		this.registry.register(this.subscription, "test");
		assertThat(isJvmKeptAlive()).isTrue();
	}

	private boolean isJvmKeptAlive() {
		return !this.others.containsAll(keepers());
	}

	private static Set<Thread> keepers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.isDaemon() && thread.getName().equals(KeepAlive.THREAD_NAME))
			.collect(Collectors.toSet());
	}

}
