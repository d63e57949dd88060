package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.Deadline;
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
 * the next reply, so that batches grow with the load and nothing waits on a timer. What a
 * server answers that it cannot execute yet is sent again, and holds up what is behind
 * it. Thread-safe: {@code drains} lets one thread at a time send.
 */
final class AsyncLane {

	private static final Logger logger = LoggerFactory.getLogger(AsyncLane.class);

	private static final int WRITES_IN_FLIGHT = 2;

	private static final int LARGEST_WRITE = 512;

	private static final CompletableFuture<ServerFeatures> NO_FEATURES = CompletableFuture
		.completedFuture(ServerFeatures.NONE);

	private static final BitSet NOTHING = new BitSet();

	private static final CompletableFuture<Void> CONNECTED = CompletableFuture.completedFuture(null);

	private final AsyncPublisher publisher;

	private final RedisLink link;

	private final FeatureDetection detection;

	private final int maxInFlight;

	private final Duration timeout;

	/** A little less than the timeout: whoever waits that long must learn the truth. */
	private final Duration patience;

	private final Semaphore permits;

	private final LaneQueue queue = new LaneQueue();

	private final AtomicInteger drains = new AtomicInteger();

	private final AtomicInteger writesInFlight = new AtomicInteger();

	private volatile @Nullable CompletableFuture<Void> firstConnection;

	AsyncLane(AsyncPublisher publisher, RedisLink link, FeatureDetection detection, int maxInFlight, Duration timeout) {
		this.publisher = publisher;
		this.link = link;
		this.detection = detection;
		this.maxInFlight = maxInFlight;
		this.timeout = timeout;
		this.patience = timeout.minus(timeout.dividedBy(20));
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
		LaneMessage message = new LaneMessage(entry, featuresFor(entry), this.permits, Deadline.after(this.patience));
		accept(message);
		return message.result();
	}

	/**
	 * Take over a message that another lane cannot send. Never waits.
	 */
	void takeOver(LaneMessage message) {
		if (message.setback() == null) {
			message.setSetback(this.link.notConnected());
		}
		message.setFeatures(featuresFor(message.entry()));
		accept(message);
		// There may never be a connection to this server.
		this.publisher.after(message.deadline().left(), this::drain);
	}

	private void accept(LaneMessage message) {
		if (!message.features().isDone()) {
			message.features().whenComplete((features, failure) -> drain());
		}
		this.queue.add(message);
		drain();
	}

	/**
	 * Return whether no message that came to this lane is without a result.
	 */
	boolean isIdle() {
		return this.permits.availablePermits() == this.maxInFlight;
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
			else {
				settleWhatIsLate();
			}
		}
		catch (Throwable ex) {
			logger.error("Sending to Redis broke off", ex);
		}
	}

	/**
	 * Give up what came from another lane and has waited too long for this server.
	 */
	private void settleWhatIsLate() {
		LaneMessage next = this.queue.peek();
		while (next != null && next.setback() != null && next.deadline().isOver()) {
			this.queue.remove(next);
			settle(next, PublishResult.rejected(next.entry().stream(), this.link.notConnected()));
			next = this.queue.peek();
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
		while (this.writesInFlight.get() < WRITES_IN_FLIGHT && !isHeldBack()) {
			List<LaneMessage> batch = poll();
			if (batch.isEmpty()) {
				return;
			}
			this.writesInFlight.incrementAndGet();
			send(batch);
		}
	}

	/**
	 * Return whether later messages would overtake those that came back, or are to.
	 */
	private boolean isHeldBack() {
		return this.queue.isInDoubt() && (this.writesInFlight.get() > 0 || this.queue.isPaused());
	}

	/**
	 * Let the servers have what waits that serve the streams now, unless there is none:
	 * then it waits here.
	 */
	private void handOn() {
		LaneMessage next = this.queue.peek();
		while (next != null && !this.publisher.isServedBy(this.link, next.entry())) {
			this.queue.remove(next);
			this.publisher.handOn(next);
			next = this.queue.peek();
		}
	}

	/**
	 * Take what comes next. A message that has to know the server first holds up those
	 * behind it: they keep their order.
	 */
	private List<LaneMessage> poll() {
		List<LaneMessage> batch = new ArrayList<>();
		LaneMessage next = this.queue.peek();
		while (next != null && next.features().isDone() && batch.size() < LARGEST_WRITE) {
			this.queue.remove(next);
			Throwable failure = WriteReplies.failureOf(next.features());
			Throwable setback = next.setback();
			if (failure != null) {
				settle(next, PublishResult.rejected(next.entry().stream(), RedisFault.unwrap(failure)));
			}
			else if (setback == null) {
				batch.add(next);
			}
			else if (next.isLate()) {
				settle(next, PublishResult.failed(next.entry().stream(), setback));
			}
			else if (this.publisher.isServedBy(this.link, next.entry())) {
				batch.add(next);
			}
			else {
				this.publisher.handOn(next);
			}
			next = this.queue.peek();
		}
		return batch;
	}

	/**
	 * Send messages. Whatever is thrown is their result: the lane has to go on.
	 */
	private void send(List<LaneMessage> batch) {
		EntryWrite write;
		try {
			write = write(batch);
		}
		catch (Throwable ex) {
			this.writesInFlight.decrementAndGet();
			batch.forEach((message) -> settle(message, PublishResult.rejected(message.entry().stream(), ex)));
			return;
		}
		List<CompletableFuture<@Nullable EntryId>> replies = write.send();
		WriteReplies.whenAllDone(replies, () -> answered(batch, replies));
	}

	private void answered(List<LaneMessage> batch, List<CompletableFuture<@Nullable EntryId>> replies) {
		BitSet back = comingBack(batch, replies);
		Duration pause = back.isEmpty() ? null : this.queue.giveBack(back.stream().mapToObj(batch::get).toList());
		this.writesInFlight.decrementAndGet();
		if (pause == null) {
			this.queue.succeeded();
			drain();
		}
		else {
			this.publisher.after(this.link.isClosed() ? Duration.ZERO : pause, this::drain);
		}
		for (int i = 0; i < replies.size(); i++) {
			if (!back.get(i)) {
				LaneMessage message = batch.get(i);
				Throwable failure = WriteReplies.failureOf(replies.get(i));
				settle(message, message.entry().settle((failure == null) ? replies.get(i).join() : null, failure));
			}
		}
	}

	/**
	 * Find the messages that no server has executed yet and that have time left.
	 */
	private BitSet comingBack(List<LaneMessage> batch, List<CompletableFuture<@Nullable EntryId>> replies) {
		BitSet back = NOTHING;
		for (int i = 0; i < replies.size(); i++) {
			if (replies.get(i).isCompletedExceptionally()) {
				LaneMessage message = batch.get(i);
				Throwable failure = Objects.requireNonNull(WriteReplies.failureOf(replies.get(i)));
				if (isForLater(failure) && !message.isLate()) {
					message.setSetback(failure);
					back = back.isEmpty() ? new BitSet(replies.size()) : back;
					back.set(i);
				}
			}
		}
		return back;
	}

	private boolean isForLater(Throwable failure) {
		boolean leftBehind = this.link.isClosed() && RedisFault.of(failure) == RedisFault.NOT_SENT;
		return (leftBehind || RedisFault.isForLater(failure)) && !this.publisher.isClosed();
	}

	private EntryWrite write(List<LaneMessage> batch) {
		EntryWrite write = new EntryWrite(this.link, batch.size());
		for (LaneMessage message : batch) {
			write.add(message.entry(), message.features().join());
		}
		return write;
	}

	private void settle(LaneMessage message, PublishResult result) {
		this.detection.check(message.entry(), result);
		message.settle(result);
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

}
