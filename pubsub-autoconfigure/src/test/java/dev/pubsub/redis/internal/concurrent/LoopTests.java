package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class LoopTests {

	private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger turns = new AtomicInteger();

	@AfterEach
	void close() {
		this.timer.shutdownNow();
		this.threads.shutdownNow();
	}

	@Test
	void runsAnotherTurnForAWakeUpDuringATurn() {
		Queue<Runnable> submitted = new ArrayDeque<>();
		AtomicBoolean wakeInside = new AtomicBoolean(true);
		Loop[] loop = new Loop[1];
		loop[0] = loop(submitted::add, () -> {
			this.turns.incrementAndGet();
			if (wakeInside.getAndSet(false)) {
				loop[0].wake();
				loop[0].wake();
			}
		});

		loop[0].wake();
		loop[0].wake();
		submitted.remove().run();

		assertThat(this.turns).hasValue(2);
		assertThat(submitted).isEmpty();
		assertThat(loop[0].isIdle()).isTrue();
	}

	@Test
	void runsOneTurnAtATimeAndLosesNoWakeUp() throws Exception {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger work = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		Loop loop = loop(this.threads, () -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			done.addAndGet(work.getAndSet(0));
			inside.decrementAndGet();
		});
		CountDownLatch finished = new CountDownLatch(4);

		IntStream.range(0, 4).forEach((i) -> this.threads.execute(() -> {
			for (int j = 0; j < 20_000; j++) {
				work.incrementAndGet();
				loop.wake();
			}
			finished.countDown();
		}));
		assertThat(finished.await(30, TimeUnit.SECONDS)).isTrue();

		await("all work is done").untilAsserted(() -> assertThat(done).hasValue(80_000));
		assertThat(most).hasValue(1);
	}

	@Test
	void goesOnAfterAnErrorAndSaysSoOnceAndWhenItWorksAgain(CapturedOutput output) {
		Loop loop = loop(Runnable::run, () -> {
			if (this.turns.incrementAndGet() < 4) {
				throw new OutOfMemoryError("planted");
			}
		});

		loop.wake();

		await("it works again").untilAsserted(() -> assertThat(output).contains("A test works again after 3 failures"));
		assertThat(output.toString().split("A test failed, trying again", -1)).hasSize(2);
	}

	@Test
	void goesOnWhenThereWasNoThread() {
		AtomicInteger refused = new AtomicInteger();
		Loop loop = loop((task) -> {
			if (refused.incrementAndGet() < 3) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			task.run();
		}, this.turns::incrementAndGet);

		loop.wake();

		await("a thread is there").untilAsserted(() -> assertThat(this.turns).hasValue(1));
		assertThat(loop.isIdle()).isTrue();
	}

	@Test
	void goesOnWhenTheTimerHadNoMemory() {
		Loop loop = new Loop("A test", Runnable::run, new ShortTimer(3), () -> {
			if (this.turns.incrementAndGet() == 1) {
				throw new OutOfMemoryError("Java heap space: planted");
			}
		});

		loop.wake();

		await("it was set in the end").untilAsserted(() -> assertThat(this.turns).hasValue(2));
	}

	@Test
	void keepsTheEarliestOfSeveralWakeUps() {
		ScheduledThreadPoolExecutor timer = (ScheduledThreadPoolExecutor) this.timer;
		timer.setRemoveOnCancelPolicy(true);
		Loop loop = loop(Runnable::run, this.turns::incrementAndGet);

		loop.wakeAfter(Duration.ofHours(2));
		loop.wakeAfter(Duration.ofHours(1));
		loop.wakeAfter(Duration.ofHours(3));
		assertThat(timer.getQueue()).hasSize(1);
		loop.wakeAfter(Duration.ofMillis(1));

		await("the earliest came").untilAsserted(() -> assertThat(this.turns).hasValue(1));
		assertThat(timer.getQueue()).isEmpty();
	}

	@Test
	void runsNoTurnWhilePausedAndOneAfterwards() {
		Loop loop = loop(Runnable::run, this.turns::incrementAndGet);

		loop.pause();
		loop.wake();
		assertThat(this.turns).hasValue(0);
		loop.resume();

		assertThat(this.turns).hasValue(1);
	}

	@Test
	void runsNoTurnAfterItsStop() {
		Loop loop = loop(Runnable::run, this.turns::incrementAndGet);
		loop.wakeAfter(Duration.ofHours(1));

		loop.stop();
		loop.wake();
		loop.resume();
		loop.wakeAfter(Duration.ofMillis(1));

		assertThat(this.turns).hasValue(0);
		assertThat(((ScheduledThreadPoolExecutor) this.timer).getQueue()).allMatch((task) -> isCancelled(task));
	}

	private static boolean isCancelled(Runnable task) {
		return ((Future<?>) task).isCancelled();
	}

	private Loop loop(Executor executor, Loop.Turn turn) {
		return new Loop("A test", executor, this.timer, turn);
	}

}
