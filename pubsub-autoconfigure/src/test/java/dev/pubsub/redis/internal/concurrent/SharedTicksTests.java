package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SharedTicksTests {

	private static final long STEP = Duration.ofMillis(100).toNanos();

	private static final Duration LONG = Duration.ofMillis(2030);

	private static final Duration SHORT = Duration.ofMillis(950);

	private final ScheduledThreadPoolExecutor timer = new ShortTimer(0);

	private final SharedTicks ticks = new SharedTicks(this.timer);

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void close() {
		this.timer.shutdownNow();
	}

	@Test
	void manyLoopsOfManyWaitsAreOneTaskOfTheTimerPerStep() {
		long before = System.nanoTime();

		for (int i = 0; i < 1000; i++) {
			this.ticks.loop("Renewing", LONG, this.runs::incrementAndGet).wakeAfter(LONG);
		}

		assertThat(this.timer.getQueue().size()).isBetween(1, 2 + (int) ((System.nanoTime() - before) / STEP));
		await("all").until(() -> this.runs.get() == 1000);
	}

	@Test
	void runsNothingEarly() {
		AtomicLong ran = new AtomicLong();
		long start = System.nanoTime();

		this.ticks.schedule(() -> ran.set(System.nanoTime()), 2 * STEP + 1);

		await("the tick").until(() -> ran.get() != 0);
		assertThat(ran.get() - start).isGreaterThan(2 * STEP);
	}

	@Test
	void takesBackOneOfThoseThatWaitForATick() {
		Alarm first = this.ticks.schedule(() -> this.runs.addAndGet(100), STEP);
		this.ticks.schedule(this.runs::incrementAndGet, 2 * STEP);

		first.cancel();

		await("the second").until(() -> this.runs.get() > 0);
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void oneThatBreaksOffHoldsUpNoOtherAndIsRunAgain() {
		AtomicInteger broken = new AtomicInteger();
		this.ticks.schedule(() -> {
			if (broken.incrementAndGet() < 2) {
				throw new OutOfMemoryError("planted");
			}
		}, STEP);
		this.ticks.schedule(this.runs::incrementAndGet, STEP);

		await("both").until(() -> this.runs.get() == 1 && broken.get() == 2);
	}

	@Test
	void waitsForMemory() {
		ScheduledThreadPoolExecutor poor = new ShortTimer(3);
		try {
			new SharedTicks(poor).loop("Renewing", this.runs::incrementAndGet).wakeAfter(Duration.ofNanos(1));

			await("the tick").until(() -> this.runs.get() == 1);
		}
		finally {
			poor.shutdownNow();
		}
	}

	@Test
	void losesNoneThatIsAddedWhileATickBegins() throws Exception {
		int each = 20_000;
		AtomicIntegerArray ran = new AtomicIntegerArray(4 * each);
		CountDownLatch added = new CountDownLatch(4);
		IntStream.range(0, 4).forEach((thread) -> new Thread(() -> {
			for (int i = 0; i < each; i++) {
				int number = thread * each + i;
				this.ticks.schedule(() -> {
					ran.incrementAndGet(number);
					this.runs.incrementAndGet();
				}, 1);
			}
			added.countDown();
		}).start());

		assertThat(added.await(30, TimeUnit.SECONDS)).isTrue();
		await("all").until(() -> this.runs.get() >= 4 * each);
		assertThat(IntStream.range(0, 4 * each).allMatch((i) -> ran.get(i) == 1)).isTrue();
		assertThat(this.timer.getQueue()).isEmpty();
	}

	@Test
	void waitsThatAreShortByNatureAreExact() {
		Duration wait = Duration.ofMinutes(1).plusNanos(1);

		this.ticks.loop("Renewing", SHORT, this.runs::incrementAndGet).wakeAfter(wait);

		Delayed task = (Delayed) this.timer.getQueue().element();
		assertThat(task.getDelay(TimeUnit.NANOSECONDS)).isLessThanOrEqualTo(wait.toNanos());
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99_999_999, 100_000_000, 123_456_789_012L, -1, -123_456_789_012L })
	void shortensALongWaitToTheEndOfAStepInWholeMilliseconds(long now) {
		Duration shortened = SharedTicks.shorten(LONG, now);

		long sinceStep = Math.floorMod(now + shortened.toNanos(), STEP);
		assertThat(Math.min(sinceStep, STEP - sinceStep)).isLessThan(Duration.ofMillis(1).toNanos());
		assertThat(LONG.minus(shortened)).isBetween(Duration.ZERO, Duration.ofMillis(101));
		assertThat(shortened.toNanosPart() % 1_000_000).isZero();
		assertThat(SharedTicks.shorten(SHORT, now)).isEqualTo(SHORT);
	}

}
