package dev.pubsub.redis.listener;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Starts, stops, pauses and resumes that cross each other. An event listener that changes
 * the state again makes the crossing certain.
 */
@RedisTest
class ContainerLifecycleIntegrationTests {

	private final TestRedis redis;

	@AutoClose
	private final Nodes nodes;

	private final AtomicInteger starts = new AtomicInteger();

	private final CountDownLatch started = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private String stream;

	ContainerLifecycleIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.nodes = new Nodes(redis);
	}

	/**
	 * A container, not started, and what is done to it when it comes into a state.
	 */
	private StreamListenerContainer containerThat(ContainerState state, Consumer<StreamListenerContainer> action) {
		AtomicReference<StreamListenerContainer> container = new AtomicReference<>();
		ContainerFixture node = this.nodes.add((event) -> {
			if (event.state() == state) {
				action.accept(container.get());
			}
		});
		container.set(node.start(subscription().withOptions(Nodes.quick().withAutoStartup(false))));
		return container.get();
	}

	private Subscription subscription() {
		return Subscription.of(this.stream, "billing", (message, ack) -> this.starts.incrementAndGet())
			.withOptions(Nodes.quick());
	}

	private void add(String name) {
		this.redis.xadd(this.stream, Map.of("name", name));
	}

	private static void awaitState(StreamListenerContainer container, ContainerState state) {
		await().until(() -> container.getState() == state);
	}

	private void assertThatNothingIsRead() {
		add("dog");
		await("nothing is read for some polls").during(Duration.ofMillis(700)).until(() -> this.starts.get() == 0);
	}

	@Test
	void readsNothingAfterAStopThatCameWhileItStarted() {
		StreamListenerContainer container = containerThat(ContainerState.STARTING, StreamListenerContainer::stop);

		container.start();

		awaitState(container, ContainerState.STOPPED);
		assertThatNothingIsRead();
	}

	@Test
	void readsNothingAfterAPauseThatCameWhileItStarted() {
		StreamListenerContainer container = containerThat(ContainerState.STARTING, StreamListenerContainer::pause);

		container.start();

		awaitState(container, ContainerState.PAUSED);
		assertThatNothingIsRead();
	}

	@Test
	void mayBeStoppedAgainByWhoIsToldThatItStops() {
		StreamListenerContainer container = containerThat(ContainerState.STOPPING, StreamListenerContainer::stop);
		container.start();
		awaitState(container, ContainerState.RUNNING);

		assertThat(CompletableFuture.runAsync(container::stop)).succeedsWithin(Duration.ofSeconds(5));

		assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void mayBeStoppedByWhoIsToldThatItRuns() {
		StreamListenerContainer container = containerThat(ContainerState.RUNNING, StreamListenerContainer::stop);

		container.start();

		awaitState(container, ContainerState.STOPPED);
		await("the listener returned").until(() -> this.nodes.first().containers.size() == 4);
	}

	@Test
	void readsNothingAfterStopsThatRaceWithStarts() throws Exception {
		ContainerFixture node = this.nodes.add();
		for (int round = 0; round < 40; round++) {
			StreamListenerContainer container = node
				.start(subscription().withId("round" + round).withOptions(Nodes.quick().withAutoStartup(false)));
			CompletableFuture<Void> start = CompletableFuture.runAsync(container::start);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
				while (!container.isRunning()) {
					Thread.onSpinWait();
				}
				container.stop();
			});
			CompletableFuture.allOf(start, stop).get(30, TimeUnit.SECONDS);
			assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
			this.stream = this.redis.key("orders" + round);
		}

		for (int round = -1; round < 39; round++) {
			this.redis.xadd(this.redis.key((round < 0) ? "orders" : "orders" + round), Map.of("name", "dog"));
		}
		await("nothing is read for some polls").during(Duration.ofMillis(700)).until(() -> this.starts.get() == 0);
	}

	@Test
	void readsAfterAResumeThatCameWhileItPaused() {
		StreamListenerContainer container = containerThat(ContainerState.PAUSED, StreamListenerContainer::resume);
		container.start();
		awaitState(container, ContainerState.RUNNING);

		container.pause();
		add("dog");

		await().until(() -> this.starts.get() == 1);
		assertThat(container.getState()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void readsWhenItIsRunningAfterPausesThatRaceWithResumes() throws Exception {
		StreamListenerContainer container = this.nodes.add().start(subscription());
		awaitState(container, ContainerState.RUNNING);

		for (int round = 1; round <= 20; round++) {
			CompletableFuture<Void> pauses = CompletableFuture.runAsync(() -> repeat(container::pause));
			CompletableFuture<Void> resumes = CompletableFuture.runAsync(() -> repeat(container::resume));
			CompletableFuture.allOf(pauses, resumes).get(30, TimeUnit.SECONDS);
			container.resume();
			add("dog" + round);
			int expected = round;
			await().until(() -> this.starts.get() == expected);
		}
	}

	private static void repeat(Runnable action) {
		for (int i = 0; i < 500; i++) {
			action.run();
		}
	}

	@Test
	void tellsOfItsStatesInTheirOrderEvenIfTheListenerChangesThem() {
		AtomicReference<StreamListenerContainer> container = new AtomicReference<>();
		AtomicInteger pauses = new AtomicInteger();
		ContainerFixture node = this.nodes.add((event) -> {
			switch (event.state()) {
				case STARTING -> {
					if (pauses.incrementAndGet() == 1) {
						container.get().pause();
					}
				}
				case PAUSED -> container.get().resume();
				case RUNNING -> container.get().stop();
				default -> {
				}
			}
		});
		container.set(node.start(subscription().withOptions(Nodes.quick().withAutoStartup(false))));

		container.get().start();

		await().until(() -> node.containers.size() == 6);
		assertThat(node.containers).extracting(ContainerEvent::state)
			.containsExactly(ContainerState.STARTING, ContainerState.PAUSED, ContainerState.STARTING,
					ContainerState.RUNNING, ContainerState.STOPPING, ContainerState.STOPPED);
	}

	@Test
	void everyStopWaitsUntilItIsStopped() throws Exception {
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(slowly());
		add("dog");
		this.started.await();
		CompletableFuture<Void> first = CompletableFuture.runAsync(container::stop);
		awaitState(container, ContainerState.STOPPING);

		CompletableFuture<Void> second = CompletableFuture.runAsync(container::stop);
		CompletableFuture<Void> all = CompletableFuture.runAsync(node::close);
		await("none returns").during(Duration.ofMillis(300))
			.until(() -> Stream.of(first, second, all).noneMatch(CompletableFuture::isDone));
		assertThat(node.registry.isRunning()).as("a context that closes has to wait").isTrue();
		this.release.countDown();

		CompletableFuture.allOf(first, second, all).get(10, TimeUnit.SECONDS);
		assertThat(container.getState()).isEqualTo(ContainerState.STOPPED);
		assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
	}

	@Test
	void everyStopOfAContainerOfItsOwnWaitsUntilItIsStopped() throws Exception {
		StreamListenerContainer container = StreamListenerContainer.create(this.redis.connectionFactory(), slowly());
		container.start();
		add("dog");
		this.started.await();
		CompletableFuture<Void> first = CompletableFuture.runAsync(container::stop);
		awaitState(container, ContainerState.STOPPING);

		CompletableFuture<Void> second = CompletableFuture.runAsync(container::stop);
		await("none returns").during(Duration.ofMillis(300))
			.until(() -> Stream.of(first, second).noneMatch(CompletableFuture::isDone));
		this.release.countDown();

		CompletableFuture.allOf(first, second).get(10, TimeUnit.SECONDS);
		assertThat(container.isRunning()).isFalse();
		assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
	}

	@Test
	void handlerThatStopsItsContainerHasItsMessageAcknowledged() {
		AtomicReference<StreamListenerContainer> container = new AtomicReference<>();
		container.set(this.nodes.add().start(stopping(() -> container.get().stop())));
		add("dog");

		container.get().start();

		assertStoppedSoon(container.get());
	}

	@Test
	void handlerThatStopsTheRegistryHasItsMessageAcknowledged() {
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(stopping(() -> node.registry.stop()));
		StreamListenerContainer other = node.start(
				Subscription.of(this.redis.key("payments"), "billing", (message, ack) -> this.starts.incrementAndGet())
					.withOptions(Nodes.quick()));
		add("dog");

		container.start();

		assertStoppedSoon(container);
		assertThat(other.getState()).isEqualTo(ContainerState.STOPPED);
	}

	@Test
	void handlerThatStopsAContainerOfItsOwnHasItsMessageAcknowledged() {
		AtomicReference<StreamListenerContainer> container = new AtomicReference<>();
		container.set(
				StreamListenerContainer.create(this.redis.connectionFactory(), stopping(() -> container.get().stop())));
		add("dog");

		container.get().start();

		assertStoppedSoon(container.get());
	}

	private Subscription stopping(Runnable stop) {
		return Subscription.of(this.stream, "billing", (message, ack) -> {
			stop.run();
			this.starts.incrementAndGet();
		}).withOptions(Nodes.quick().withAutoStartup(false).withShutdownTimeout(Duration.ofSeconds(20)));
	}

	private void assertStoppedSoon(StreamListenerContainer container) {
		await().until(() -> this.starts.get() == 1);
		awaitState(container, ContainerState.STOPPED);
		assertThat(this.redis.pendingCount(this.stream, "billing")).isZero();
	}

	private Subscription slowly() {
		return Subscription.of(this.stream, "billing", (message, ack) -> {
			this.started.countDown();
			this.release.await();
		}).withOptions(Nodes.quick());
	}

	@Test
	void mayBeRestartedByItsOwnHandler() {
		AtomicReference<StreamListenerContainer> container = new AtomicReference<>();
		container.set(this.nodes.add().start(Subscription.of(this.stream, "billing", (message, ack) -> {
			if (this.starts.incrementAndGet() == 1) {
				container.get().stop();
				container.get().start();
			}
		}).withOptions(Nodes.quick())));
		awaitState(container.get(), ContainerState.RUNNING);
		add("dog");
		await().until(() -> this.starts.get() == 1);
		add("cat");

		await().until(() -> this.starts.get() == 2);
		awaitState(container.get(), ContainerState.RUNNING);
	}

	@Test
	void isFailedWhenItCannotStart() {
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node
			.start(subscription().withOptions(Nodes.quick().withAutoStartup(false)));
		node.close();

		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(container::start);

		assertThat(container.getState()).isEqualTo(ContainerState.FAILED);
		assertThat(node.containers).last().satisfies((event) -> {
			assertThat(event.state()).isEqualTo(ContainerState.FAILED);
			assertThat(event.cause()).isInstanceOf(RejectedExecutionException.class);
		});
	}

	@Test
	void doesNotRunAfterAPauseUntilRedisAnswers() throws Exception {
		try (ServerSocket silent = new ServerSocket(0)) {
			LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", silent.getLocalPort());
			StreamListenerContainer container = StreamListenerContainer.create(connections, subscription());
			container.start();
			container.pause();

			container.resume();

			assertThat(container.getState()).isEqualTo(ContainerState.STARTING);
			container.stop();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "ON_SUCCESS", "MANUAL" })
	void acknowledgesNothingThatAnInterruptedHandlerLeftOpen(AckMode mode) {
		StreamListenerContainer container = this.nodes.add()
			.start(Subscription.of(this.stream, "billing", (message, ack) -> {
				this.starts.incrementAndGet();
				try {
					this.release.await();
				}
				catch (InterruptedException ex) {
					if (mode == AckMode.ON_SUCCESS) {
						ack.retry();
					}
				}
			}).withOptions(Nodes.quick().withAckMode(mode).withShutdownTimeout(Duration.ofMillis(10))));
		add("dog");
		await().until(() -> this.starts.get() == 1);

		container.stop();

		await("the handler returned").until(() -> !isHandlerRunning());
		assertThat(this.redis.pendingCount(this.stream, "billing")).isEqualTo(1);
	}

	private boolean isHandlerRunning() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.anyMatch((frames) -> Stream.of(frames)
				.anyMatch((frame) -> frame.getClassName()
					.equals("dev.pubsub.redis.internal.delivery.HandlerInvocation")));
	}

}
