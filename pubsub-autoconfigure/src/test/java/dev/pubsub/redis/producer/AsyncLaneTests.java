package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link AsyncLane}.
 */
class AsyncLaneTests {

	private final Queue<Error> errors = new ArrayDeque<>();

	private final AtomicInteger requests = new AtomicInteger();

	private final StubCluster cluster = new StubCluster((server, request) -> {
		this.requests.incrementAndGet();
		if (!this.errors.isEmpty()) {
			throw this.errors.remove();
		}
		return CompletableFuture.completedFuture(EntryId.parse("1-1"));
	});

	private final AsyncPublisher publisher = new AsyncPublisher(this.cluster, new FeatureDetection(), 1,
			Duration.ofSeconds(5));

	@BeforeEach
	void connect() {
		this.cluster.server("o").connection.complete(null);
	}

	@Test
	void goesOnAfterErrorWithoutKnowingWhatBecameOfTheMessage() {
		this.errors.add(new Error("No thread to be had"));

		assertThat(publish().status()).isEqualTo(PublishResult.Status.UNKNOWN);
		assertThat(publish().status()).isEqualTo(PublishResult.Status.SENT);
	}

	@Test
	void waitsForServersThatAreNotFoundOnlyOnce() {
		this.cluster.found = false;
		AsyncPublisher impatient = new AsyncPublisher(this.cluster, new FeatureDetection(), 1, Duration.ofMillis(50));

		CompletableFuture<PublishResult> result = impatient.publish(entry());

		assertThat(result).succeedsWithin(Duration.ofSeconds(5))
			.extracting(PublishResult::status)
			.isEqualTo(PublishResult.Status.REJECTED);
		assertThat(this.requests).hasValue(0);
	}

	private PublishResult publish() {
		CompletableFuture<PublishResult> result = this.publisher.publish(entry());
		assertThat(result).isCompleted();
		return result.join();
	}

	private static OutgoingEntry entry() {
		return new OutgoingEntry("orders", EntryFields.builder().build(), PublishOptions.defaults(),
				ProducerOptions.defaults());
	}

}
