package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisLink;

/**
 * Publishes messages that replicas or disks have to confirm. Those of many threads go out
 * together and share a confirmation: one for each would hold up all behind it for as long
 * as replicas are away. Thread-safe.
 */
final class DurablePublisher {

	private final RedisLink link;

	private final AsyncPublisher async;

	private final Duration timeout;

	DurablePublisher(RedisLink link, FeatureDetection detection, ProducerOptions options, BackgroundThreads threads) {
		this.link = link;
		this.async = new AsyncPublisher(link, detection, options.maxInFlight(), options.timeout(), threads);
		this.timeout = options.timeout();
	}

	/**
	 * Send an entry, and wait for a connection and for the confirmation. A connection
	 * that turns out to be gone before anything was sent is waited for again.
	 */
	PublishResult publish(OutgoingEntry entry) {
		if (!this.link.mayWait()) {
			return PublishResult.refused(entry.stream());
		}
		Deadline deadline = Deadline.after(this.timeout);
		PublishResult result = await(entry, this.async.publish(entry, deadline), deadline);
		while (result.isNotSent() && deadline.awaitConnection(this.link.following(entry.stream()))) {
			result = await(entry, this.async.publish(entry, deadline), deadline);
		}
		return result.because(this.link.linkTo(entry.stream()));
	}

	CompletableFuture<PublishResult> publishAsync(OutgoingEntry entry) {
		return this.async.publish(entry);
	}

	/**
	 * Wait until nothing is in flight.
	 */
	void awaitCompletion() throws InterruptedException {
		this.async.awaitCompletion();
	}

	private PublishResult await(OutgoingEntry entry, CompletableFuture<PublishResult> result, Deadline deadline) {
		try {
			return result.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return PublishResult.unknown(entry.stream(), ex);
		}
		catch (TimeoutException ex) {
			return PublishResult.unknown(entry.stream(), new TimeoutException("No reply within " + this.timeout));
		}
		catch (ExecutionException ex) {
			return PublishResult.failed(entry.stream(), ex);
		}
	}

}
