package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages one by one and waits for each. Thread-safe.
 */
final class SinglePublisher {

	private final RedisLink link;

	private final FeatureDetection detection;

	private final Duration timeout;

	SinglePublisher(RedisLink link, FeatureDetection detection, Duration timeout) {
		this.link = link;
		this.detection = detection;
		this.timeout = timeout;
	}

	/**
	 * Send an entry, and wait for a connection and for the reply. A connection that turns
	 * out to be gone before anything was sent is waited for again.
	 */
	PublishResult publish(OutgoingEntry entry) {
		if (!this.link.mayWait()) {
			return PublishResult.refused(entry.stream());
		}
		Deadline deadline = Deadline.after(this.timeout);
		PublishResult result = attempt(entry, deadline);
		while (result.isNotSent() && deadline.awaitConnection(this.link)) {
			result = attempt(entry, deadline);
		}
		return result.because(this.link);
	}

	private PublishResult attempt(OutgoingEntry entry, Deadline deadline) {
		Future<@Nullable EntryId> reply;
		try {
			reply = this.link.send(entry.request(features(entry, deadline)));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return PublishResult.rejected(entry.stream(), ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			return PublishResult.rejected(entry.stream(), cause(ex));
		}
		return await(entry, reply, deadline);
	}

	private PublishResult await(OutgoingEntry entry, Future<@Nullable EntryId> reply, Deadline deadline) {
		try {
			return entry.settle(reply.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS), null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return PublishResult.unknown(entry.stream(), ex);
		}
		catch (ExecutionException ex) {
			PublishResult result = entry.settle(null, cause(ex));
			this.detection.check(entry, result, this.link);
			return result;
		}
		catch (TimeoutException ex) {
			return PublishResult.unknown(entry.stream(), new TimeoutException("No reply within " + this.timeout));
		}
	}

	private ServerFeatures features(OutgoingEntry entry, Deadline deadline)
			throws InterruptedException, ExecutionException, TimeoutException {
		return entry.needsFeatures() ? this.detection.detect(this.link).get(deadline.nanosLeft(), TimeUnit.NANOSECONDS)
				: ServerFeatures.NONE;
	}

	private static Throwable cause(Exception ex) {
		Throwable cause = ex.getCause();
		return (cause != null) ? cause : ex;
	}

}
