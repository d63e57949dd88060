package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages one by one. Thread-safe.
 */
final class SinglePublisher {

	private final RedisLink link;

	private final Duration timeout;

	SinglePublisher(RedisLink link, Duration timeout) {
		this.link = link;
		this.timeout = timeout;
	}

	/**
	 * Send an entry, and wait for a connection and for the reply.
	 */
	PublishResult publish(OutgoingEntry entry) {
		long start = System.nanoTime();
		Future<@Nullable EntryId> reply;
		try {
			if (!this.link.isConnected()) {
				this.link.awaitConnection(this.timeout);
			}
			reply = this.link.send(entry.request());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return PublishResult.rejected(entry.stream(), ex);
		}
		try {
			long left = this.timeout.toNanos() - (System.nanoTime() - start);
			return entry.settle(reply.get(left, TimeUnit.NANOSECONDS), null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return PublishResult.unknown(entry.stream(), ex);
		}
		catch (ExecutionException ex) {
			return entry.settle(null, ex.getCause());
		}
		catch (TimeoutException ex) {
			return PublishResult.unknown(entry.stream(), ex);
		}
	}

	CompletableFuture<PublishResult> publishAsync(OutgoingEntry entry) {
		return this.link.send(entry.request()).handle(entry::settle);
	}

}
