package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to one server without waiting for replies. A message goes out at once while
 * few writes are without a reply; beyond that, messages gather and go out together with
 * the next reply, so that batches grow with the load and nothing waits on a timer.
 * Thread-safe: {@code drains} lets one thread at a time send.
 */
final class AsyncLane {

	private static final Logger logger = LoggerFactory.getLogger(AsyncLane.class);

	private static final int WRITES_IN_FLIGHT = 2;

	private static final int LARGEST_WRITE = 512;

	private static final CompletableFuture<ServerFeatures> NO_FEATURES = CompletableFuture
		.completedFuture(ServerFeatures.NONE);

	private static final CompletableFuture<Void> CONNECTED = CompletableFuture.completedFuture(null);

	private final AsyncPublisher publisher;

	private final RedisLink link;

	private final FeatureDetection detection;

	private final int maxInFlight;

	private final Duration timeout;

	private final Semaphore permits;

	private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger drains = new AtomicInteger();

	private final AtomicInteger writesInFlight = new AtomicInteger();

	private volatile @Nullable CompletableFuture<Void> firstConnection;

	AsyncLane(AsyncPublisher publisher, RedisLink link, FeatureDetection detection, int maxInFlight, Duration timeout) {
		this.publisher = publisher;
		this.link = link;
		this.detection = detection;
		this.maxInFlight = maxInFlight;
		this.timeout = timeout;
		this.permits = new Semaphore(maxInFlight);
	}

	/**
	 * Return the link to the server.
	 */
	RedisLink link() {
		return this.link;
	}

	CompletableFuture<PublishResult> publish(OutgoingEntry entry) {
		Throwable refusal = acquirePermit();
		if (refusal != null) {
			return CompletableFuture.completedFuture(PublishResult.rejected(entry.stream(), refusal));
		}
		Waiting waiting = new Waiting(entry, featuresFor(entry), new CompletableFuture<>());
		if (!waiting.features.isDone()) {
			waiting.features.whenComplete((features, failure) -> drain());
		}
		this.queue.add(waiting);
		drain();
		return waiting.result;
	}

	/**
	 * Wait until nothing is in flight.
	 */
	void awaitCompletion(Duration atMost) throws InterruptedException {
		if (this.permits.tryAcquire(this.maxInFlight, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
			this.permits.release(this.maxInFlight);
		}
	}

	private @Nullable Throwable acquirePermit() {
		if (this.permits.tryAcquire()) {
			return null;
		}
		// An event loop that waits may be the one that has to read the replies.
		boolean mayWait = !(Thread.currentThread() instanceof FastThreadLocalThread);
		try {
			if (mayWait && this.permits.tryAcquire(this.timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				return null;
			}
			return new IllegalStateException(this.maxInFlight + " messages are without a reply already"
					+ (mayWait ? ", for " + this.timeout : ""));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ex;
		}
	}

	private CompletableFuture<ServerFeatures> featuresFor(OutgoingEntry entry) {
		return entry.needsFeatures()
				? firstConnection().thenCompose((ready) -> this.detection.detect(this.link)).thenApply(entry::checked)
				: NO_FEATURES;
	}

	private void drain() {
		if (this.drains.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			sendUnlessBroken();
			seen = this.drains.addAndGet(-seen);
		}
		while (seen != 0);
	}

	/**
	 * Without memory or threads anything may break off: the next message or reply tries
	 * again.
	 */
	private void sendUnlessBroken() {
		try {
			if (mayGo()) {
				sendWhatMayGo();
			}
		}
		catch (Throwable ex) {
			logger.error("Sending to Redis broke off", ex);
		}
	}

	private boolean mayGo() {
		if (!this.link.isConnected()) {
			return firstConnection().isDone();
		}
		if (this.firstConnection == null) {
			this.firstConnection = CONNECTED;
		}
		return true;
	}

	private void sendWhatMayGo() {
		if (this.link.isClosed()) {
			handOn();
		}
		while (this.writesInFlight.get() < WRITES_IN_FLIGHT) {
			List<Waiting> batch = poll();
			if (batch.isEmpty()) {
				return;
			}
			this.writesInFlight.incrementAndGet();
			send(batch);
		}
	}

	/**
	 * Let the servers have what waits that serve the streams now, unless there is none:
	 * then it fails here.
	 */
	private void handOn() {
		Waiting next = this.queue.peek();
		while (next != null && !this.publisher.isServedBy(this.link, next.entry)) {
			Waiting waiting = next;
			this.queue.remove();
			this.permits.release();
			this.publisher.publish(waiting.entry).thenAccept(waiting.result::complete);
			next = this.queue.peek();
		}
	}

	/**
	 * Take what comes next. A message that has to know the server first holds up those
	 * behind it: they keep their order.
	 */
	private List<Waiting> poll() {
		List<Waiting> batch = new ArrayList<>();
		Waiting next = this.queue.peek();
		while (next != null && next.features.isDone() && batch.size() < LARGEST_WRITE) {
			this.queue.remove();
			Throwable failure = WriteReplies.failureOf(next.features);
			if (failure == null) {
				batch.add(next);
			}
			else {
				settle(next, PublishResult.rejected(next.entry.stream(), RedisFault.unwrap(failure)));
			}
			next = this.queue.peek();
		}
		return batch;
	}

	/**
	 * Send messages. Whatever is thrown is their result: the lane has to go on.
	 */
	private void send(List<Waiting> batch) {
		EntryWrite write;
		try {
			write = write(batch);
		}
		catch (Throwable ex) {
			this.writesInFlight.decrementAndGet();
			batch.forEach((waiting) -> settle(waiting, PublishResult.rejected(waiting.entry.stream(), ex)));
			return;
		}
		List<CompletableFuture<@Nullable EntryId>> replies = write.send();
		WriteReplies.whenAllDone(replies, () -> {
			this.writesInFlight.decrementAndGet();
			drain();
			for (int i = 0; i < replies.size(); i++) {
				Waiting waiting = batch.get(i);
				Throwable failure = WriteReplies.failureOf(replies.get(i));
				settle(waiting, waiting.entry.settle((failure == null) ? replies.get(i).join() : null, failure));
			}
		});
	}

	private EntryWrite write(List<Waiting> batch) {
		EntryWrite write = new EntryWrite(this.link, batch.size());
		for (Waiting waiting : batch) {
			write.add(waiting.entry, waiting.features.join());
		}
		return write;
	}

	private void settle(Waiting waiting, PublishResult result) {
		this.permits.release();
		this.detection.check(waiting.entry, result);
		waiting.result.complete(result);
	}

	/**
	 * Return the first attempt to connect, for which messages wait. Later, when Redis is
	 * away, they do not.
	 */
	private CompletableFuture<Void> firstConnection() {
		CompletableFuture<Void> first = this.firstConnection;
		if (first == null) {
			first = this.link.whenConnected()
				.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
				.exceptionally((failure) -> null);
			this.firstConnection = first;
			first.whenComplete((ready, failure) -> drain());
		}
		return first;
	}

	/**
	 * A message and whoever waits for its result.
	 *
	 * @param entry the message
	 * @param features what the server can do; fails when Redis is away
	 * @param result completes with what became of it
	 */
	private record Waiting(OutgoingEntry entry, CompletableFuture<ServerFeatures> features,
			CompletableFuture<PublishResult> result) {

	}

}
