package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BackgroundThreadsTests {

	private final ScarceThreads tasks = new ScarceThreads();

	private final BackgroundThreads threads = BackgroundThreads.of(this.tasks);

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void close() {
		this.threads.close();
	}

	@Test
	void runsOnceAsSoonAsThereIsAThread() throws Exception {
		this.tasks.refuse(2);

		this.threads.run("A test", this.runs::incrementAndGet).get(30, TimeUnit.SECONDS);

		assertThat(this.runs).hasValue(1);
		assertThat(this.tasks.missing()).isZero();
	}

	@Test
	void runsLaterWhatThereWasNoMemoryFor() {
		try (BackgroundThreads scarce = BackgroundThreads.of(new ShortTimer(3), new ScarceThreads())) {
			scarce.after(Duration.ZERO, this.runs::incrementAndGet);

			await("it was run").untilAsserted(() -> assertThat(this.runs).hasValue(1));
		}
	}

	@Test
	void tellsWhatBrokeOffAndDoesNotRunItAgain() {
		Error error = new OutOfMemoryError("planted");

		CompletableFuture<Void> done = this.threads.run("A test", () -> {
			this.runs.incrementAndGet();
			throw error;
		});

		assertThat(done).failsWithin(Duration.ofSeconds(30)).withThrowableThat().withCause(error);
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void tellsWhenTheApplicationStops() {
		this.threads.close();

		assertThat(this.threads.run("A test", this.runs::incrementAndGet)).isCompletedExceptionally()
			.failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(RejectedExecutionException.class);
	}

}
