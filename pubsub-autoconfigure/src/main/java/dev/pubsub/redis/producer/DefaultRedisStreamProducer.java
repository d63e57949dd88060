package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Deadline;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Publishes over {@link ProducerLinks}. Thread-safe.
 */
final class DefaultRedisStreamProducer implements RedisStreamProducer {

	private final OutgoingEntries entries;

	private final ProducerLinks links;

	private final ObservedSends sends;

	private final Routing routing;

	private final SinglePublisher single;

	private final AsyncPublisher async;

	private final DurablePublisher durable;

	private final SessionPublisher sessions;

	private final UncommittedSessions uncommitted = new UncommittedSessions(System::nanoTime);

	private final SessionScope scope;

	private final Duration timeout;

	DefaultRedisStreamProducer(OutgoingEntries entries, ProducerLinks links, ProducerOptions options,
			ObservedSends sends, SessionScope scope) {
		this.entries = entries;
		this.links = links;
		this.sends = sends;
		this.routing = new Routing(links.single(), options);
		FeatureDetection detection = new FeatureDetection();
		this.single = new SinglePublisher(links.single(), detection, options.timeout());
		BackgroundThreads threads = links.connections().threads();
		this.async = new AsyncPublisher(links.single(), detection, options.maxInFlight(), options.timeout(), threads);
		this.durable = new DurablePublisher(links.durable(), detection, options, threads);
		this.sessions = new SessionPublisher(links, detection, options, sends, this.routing);
		this.scope = scope;
		this.timeout = options.timeout();
		this.routing.prepare();
	}

	@Override
	public RecordId publish(String stream, Object payload, PublishOptions options) {
		OutgoingEntry entry = this.entries.of(stream, payload, options);
		this.routing.route(entry);
		this.routing.enterNow(List.of(entry));
		@Nullable PublishResult result = null;
		this.sends.begin(entry);
		try {
			result = publish(entry);
		}
		finally {
			entry.leave();
			this.sends.end(entry, result, null);
		}
		return idOrThrow(entry, result);
	}

	private PublishResult publish(OutgoingEntry entry) {
		Deadline deadline = Deadline.after(this.timeout);
		PublishResult result = send(entry);
		while (result.isMovedPartition() && entry.refusal() == null && !deadline.isOver()) {
			this.routing.route(entry);
			result = send(entry);
		}
		return result;
	}

	private PublishResult send(OutgoingEntry entry) {
		Throwable refusal = entry.refusal();
		if (refusal != null) {
			return PublishResult.rejected(entry.stream(), refusal);
		}
		return entry.isDurable() ? this.durable.publish(entry) : this.single.publish(entry);
	}

	@Override
	public CompletableFuture<RecordId> publishAsync(String stream, Object payload, PublishOptions options) {
		this.entries.requireUsable(stream, options);
		OutgoingEntry entry;
		try {
			entry = this.entries.of(stream, payload, options);
		}
		catch (RuntimeException ex) {
			// Of the codec or an interceptor.
			return CompletableFuture.failedFuture(ex);
		}
		this.routing.route(entry);
		CompletableFuture<Void> entered = this.routing.awaited(this.routing.enter(entry));
		this.sends.begin(entry);
		CompletableFuture<PublishResult> sent = entered.isDone() ? publishAsync(entry)
				: entered.thenCompose((now) -> publishAsync(entry));
		return sent.handle((result, failure) -> {
			entry.leave();
			this.sends.end(entry, result, failure);
			return idOrThrow(entry, ObservedSends.orThrow(result, failure));
		});
	}

	private CompletableFuture<PublishResult> publishAsync(OutgoingEntry entry) {
		CompletableFuture<PublishResult> sent = sendAsync(entry);
		return (entry.route() != null) ? againWhileMoved(entry, sent, Deadline.after(this.timeout)) : sent;
	}

	private CompletableFuture<PublishResult> againWhileMoved(OutgoingEntry entry, CompletableFuture<PublishResult> sent,
			Deadline deadline) {
		return sent.thenCompose((result) -> {
			if (!result.isMovedPartition() || entry.refusal() != null || deadline.isOver()) {
				return CompletableFuture.completedFuture(result);
			}
			return this.routing.routeAsync(List.of(entry))
				.thenCompose((routed) -> againWhileMoved(entry, sendAsync(entry), deadline));
		});
	}

	private CompletableFuture<PublishResult> sendAsync(OutgoingEntry entry) {
		Throwable refusal = entry.refusal();
		if (refusal != null) {
			return CompletableFuture.completedFuture(PublishResult.rejected(entry.stream(), refusal));
		}
		return entry.isDurable() ? this.durable.publishAsync(entry) : this.async.publish(entry);
	}

	@Override
	public ProducerSession session() {
		return this.scope.find(this).orElseGet(this::newSession);
	}

	@Override
	public ProducerSession newSession() {
		return new BufferedProducerSession(this.entries, this.sessions, this.uncommitted);
	}

	@Override
	public void close() {
		long start = System.nanoTime();
		try {
			this.async.awaitCompletion();
			this.durable.awaitCompletion();
			this.sessions.awaitCompletion(this.timeout.minusNanos(System.nanoTime() - start));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.uncommitted.close();
		this.links.close();
	}

	UncommittedSessions uncommitted() {
		return this.uncommitted;
	}

	private RecordId idOrThrow(OutgoingEntry entry, PublishResult result) {
		RecordId id = result.id();
		if (id != null) {
			return id;
		}
		List<PublishResult> results = List.of(result);
		throw PublishFailure.of(results, retryable(entry, result));
	}

	private ProducerSession retryable(OutgoingEntry entry, PublishResult result) {
		List<OutgoingEntry> rejected = (result.status() == PublishResult.Status.REJECTED) ? List.of(entry) : List.of();
		return new BufferedProducerSession(this.entries, this.sessions, this.uncommitted, rejected);
	}

}
