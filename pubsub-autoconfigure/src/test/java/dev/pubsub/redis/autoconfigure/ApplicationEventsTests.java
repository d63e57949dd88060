package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ApplicationEventsTests {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final Queue<Object> published = new ConcurrentLinkedQueue<>();

	private final CountDownLatch release = new CountDownLatch(1);

	private final ApplicationEvents events = new ApplicationEvents(this::publish, this.executor);

	private void publish(Object event) {
		if (event.equals("slow")) {
			awaitRelease();
		}
		this.published.add(event);
		if (event.equals("bad")) {
			throw new IllegalStateException("planted");
		}
	}

	private void awaitRelease() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void close() {
		this.release.countDown();
		this.executor.shutdownNow();
	}

	@Test
	void goesOnAfterAListenerThatFails(CapturedOutput output) {
		this.events.publish("orders", "bad");
		this.events.publish("orders", "good");

		await().until(() -> this.published.size() == 2);
		assertThat(output).containsOnlyOnce("A listener of String failed");
	}

	@Test
	void eventsOfOneContainerDoNotWaitForThoseOfAnother() {
		this.events.publish("orders", "slow");
		this.events.publish("payments", "good");

		await().until(() -> this.published.contains("good"));
		assertThat(this.published).doesNotContain("slow");
	}

	@Test
	void losesWhatIsTooMuchWithOneWarning(CapturedOutput output) {
		this.events.publish("orders", "slow");
		IntStream.range(0, 3000).forEach((number) -> this.events.publish("orders", number));
		this.release.countDown();

		this.events.stop();

		assertThat(this.published).hasSizeBetween(1000, 1001).startsWith("slow", 0, 1, 2).doesNotContain(1001);
		assertThat(output).containsOnlyOnce("Event listeners of orders are too slow");
	}

	@Test
	void stopWaitsForWhatIsToBePublished() {
		this.events.publish("orders", "slow");
		this.events.publish("orders", "good");

		CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.events::stop);
		await().until(() -> !this.events.isRunning());
		assertThat(stopped).isNotDone();
		this.release.countDown();

		assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.published).containsExactly("slow", "good");
	}

}
