package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.redis.Deadline;
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
	 * Send an entry, and wait for a connection and for the reply. A server that cannot
	 * execute it now is waited for, too, and a connection that turns out to be gone
	 * before anything was sent.
	 */
	PublishResult publish(OutgoingEntry entry) {
		if (!this.link.mayWait()) {
			return PublishResult.refused(entry.stream());
		}
		Deadline deadline = Deadline.after(this.timeout);
		PublishResult result = attempt(entry, deadline);
		while (result.isNotSent() && deadline.awaitConnection(this.link.following(entry.stream()))) {
			result = attempt(entry, deadline);
		}
		return result.because(this.link.linkTo(entry.stream()));
	}

	private PublishResult attempt(OutgoingEntry entry, Deadline deadline) {
		Future<@Nullable EntryId> reply;
		try {
			reply = this.link.send(entry.request(features(entry, deadline)), deadline);
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
			return (RedisLink.withdraw(reply) != null) ? PublishResult.rejected(entry.stream(), ex)
					: PublishResult.unknown(entry.stream(), ex);
		}
		catch (ExecutionException ex) {
			PublishResult result = entry.settle(null, cause(ex));
			this.detection.check(entry, result);
			return result;
		}
		catch (TimeoutException ex) {
			Throwable notExecuted = RedisLink.withdraw(reply);
			return (notExecuted != null) ? PublishResult.rejected(entry.stream(), notExecuted)
					: PublishResult.unknown(entry.stream(), new TimeoutException("No reply within " + this.timeout));
		}
	}

	private ServerFeatures features(OutgoingEntry entry, Deadline deadline)
			throws InterruptedException, ExecutionException, TimeoutException {
		if (!entry.needsFeatures()) {
			return ServerFeatures.NONE;
		}
		RedisLink server = this.link.linkTo(entry.stream());
		return this.detection.detect(server).get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
	}

	private static Throwable cause(Exception ex) {
		Throwable cause = ex.getCause();
		return (cause != null) ? cause : ex;
	}

}
