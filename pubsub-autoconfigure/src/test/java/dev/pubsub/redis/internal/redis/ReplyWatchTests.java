package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ReplyWatchTests {

	private static final Duration TIMEOUT = Duration.ofMillis(200);

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final AtomicInteger silences = new AtomicInteger();

	private final ReplyWatch watch = new ReplyWatch(TIMEOUT, TIMEOUT, this.threads.ticks(), () -> {
	}, this.silences::incrementAndGet);

	@AfterEach
	void close() {
		this.threads.close();
	}

	@Test
	void noticesThatNoReplyComes() {
		long start = System.nanoTime();
		this.watch.sent(1);

		await("silence").atMost(Duration.ofSeconds(5)).until(() -> this.silences.get() > 0);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(TIMEOUT);
	}

	@Test
	void suspectsBeforeItGivesUp() {
		AtomicInteger suspicions = new AtomicInteger();
		ReplyWatch suspicious = new ReplyWatch(Duration.ofMinutes(1), Duration.ofMillis(50), this.threads.ticks(),
				suspicions::incrementAndGet, this.silences::incrementAndGet);

		suspicious.sent(1);

		await("suspicion").atMost(Duration.ofSeconds(5)).until(() -> suspicions.get() == 1);
		assertThat(this.silences).hasValue(0);
	}

	@Test
	void watchesOnAfterAnError() {
		ReplyWatch failing = new ReplyWatch(TIMEOUT, TIMEOUT, this.threads.ticks(), () -> {
		}, () -> {
			if (this.silences.incrementAndGet() < 3) {
				throw new OutOfMemoryError("planted");
			}
		});

		failing.sent(1);

		await("told until it works").atMost(Duration.ofSeconds(10)).until(() -> this.silences.get() == 3);
	}

	@Test
	void isQuietWhenAllRepliesHaveCome() {
		this.watch.sent(2);
		this.watch.replied();
		this.watch.replied();

		await("three timeouts").during(TIMEOUT.multipliedBy(3))
			.atMost(Duration.ofSeconds(5))
			.until(() -> this.silences.get() == 0);
	}

	@Test
	void isPatientWhileRepliesComeIn() {
		this.watch.sent(1000);

		await("replies, one by one").during(TIMEOUT.multipliedBy(4))
			.pollInterval(TIMEOUT.dividedBy(10))
			.atMost(Duration.ofSeconds(5))
			.until(() -> {
				this.watch.replied();
				return this.silences.get() == 0;
			});
	}

	@Test
	void noticesSilenceAfterBeingIdle() {
		this.watch.sent(1);
		this.watch.replied();
		await("idle").during(TIMEOUT.multipliedBy(2))
			.atMost(Duration.ofSeconds(5))
			.until(() -> this.silences.get() == 0);
		this.watch.sent(1);

		await("silence").atMost(Duration.ofSeconds(5)).until(() -> this.silences.get() > 0);
	}

}
