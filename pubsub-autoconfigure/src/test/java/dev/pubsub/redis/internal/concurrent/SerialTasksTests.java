package dev.pubsub.redis.internal.concurrent;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SerialTasksTests {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final SerialTasks tasks = new SerialTasks(this.executor, 1000);

	@AfterEach
	void close() {
		this.executor.shutdownNow();
	}

	@Test
	void runsTasksOneAfterTheOtherInTheirOrder() throws Exception {
		ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
		List<Integer> numbers = IntStream.range(0, 500).boxed().toList();

		numbers.forEach((number) -> this.tasks.execute(() -> seen.add(number)));
		this.tasks.drained().get(5, TimeUnit.SECONDS);

		assertThat(seen).containsExactlyElementsOf(numbers);
	}

	@Test
	void goesOnAfterATaskThatFails() throws Exception {
		CompletableFuture<Boolean> ran = new CompletableFuture<>();

		this.tasks.execute(() -> {
			throw new LinkageError("planted");
		});
		this.tasks.execute(() -> ran.complete(true));

		assertThat(ran.get(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void goesOnAfterAThreadCouldNotBeStarted() {
		AtomicBoolean failed = new AtomicBoolean();
		AtomicInteger ran = new AtomicInteger();
		SerialTasks starved = new SerialTasks((task) -> {
			if (failed.compareAndSet(false, true)) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			task.run();
		}, 10);

		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> starved.execute(ran::incrementAndGet));
		starved.execute(ran::incrementAndGet);

		assertThat(ran).hasValue(1);
	}

	@Test
	void takesNoMoreThanMayWait() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		SerialTasks small = new SerialTasks(this.executor, 2);
		small.execute(() -> {
			started.countDown();
			awaitQuietly(release);
		});
		awaitQuietly(started);

		assertThat(small.execute(release::countDown)).isTrue();
		assertThat(small.execute(release::countDown)).isTrue();
		assertThat(small.execute(release::countDown)).isFalse();
		release.countDown();
	}

	@Test
	void isDrainedAtOnceForATaskOfItsOwn() throws Exception {
		CompletableFuture<Boolean> drained = new CompletableFuture<>();

		this.tasks.execute(() -> {
			Future<Void> result = this.tasks.drained();
			drained.complete(result.isDone());
		});

		assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void refusesTasksThatItsExecutorRefuses() {
		this.executor.shutdown();

		assertThat(this.tasks.execute(() -> {
		})).isFalse();
		assertThat(this.tasks.drained()).isDone();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
