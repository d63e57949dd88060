package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * A message in a line, and whoever waits for its result. It keeps the permit of the lane
 * that it came to first, whichever lane sends it in the end.
 */
final class LaneMessage {

	private static final AtomicIntegerFieldUpdater<LaneMessage> SETTLED = AtomicIntegerFieldUpdater
		.newUpdater(LaneMessage.class, "settled");

	private static final CompletableFuture<ServerFeatures> NO_FEATURES = CompletableFuture
		.completedFuture(ServerFeatures.NONE);

	private final StreamLine line;

	private final OutgoingEntry entry;

	private final LanePermits permits;

	private final Deadline deadline;

	private final CompletableFuture<PublishResult> result = new CompletableFuture<>();

	private volatile int settled;

	/** Its place in the line, set when it is sent for the first time. */
	private long number = -1;

	private volatile @Nullable Throwable setback;

	private volatile @Nullable RedisLink asked;

	private @Nullable RedisLink known;

	private CompletableFuture<ServerFeatures> features = NO_FEATURES;

	/**
	 * Create a message.
	 * @param line what keeps it in order
	 * @param entry the message
	 * @param permits of which it has one
	 * @param deadline until when to send it
	 */
	LaneMessage(StreamLine line, OutgoingEntry entry, LanePermits permits, Deadline deadline) {
		this.line = line;
		this.entry = entry;
		this.permits = permits;
		this.deadline = deadline;
	}

	StreamLine line() {
		return this.line;
	}

	OutgoingEntry entry() {
		return this.entry;
	}

	CompletableFuture<PublishResult> result() {
		return this.result;
	}

	Deadline deadline() {
		return this.deadline;
	}

	long number() {
		return this.number;
	}

	/**
	 * Return what a server can do, as far as the message needs to know; fails when the
	 * server is away, or cannot do that. For the lane that is to send the message.
	 */
	CompletableFuture<ServerFeatures> featuresOf(RedisLink server, FeatureDetection detection) {
		if (this.entry.needsFeatures() && !server.equals(this.known)) {
			this.known = server;
			this.features = detection.detect(server).thenApply(this.entry::checked);
		}
		return this.features;
	}

	/**
	 * Return what was found out last.
	 */
	CompletableFuture<ServerFeatures> features() {
		return this.features;
	}

	/**
	 * Give it a place in its line, unless it has one. The line must be locked.
	 */
	boolean setNumber(long next) {
		if (this.number >= 0) {
			return false;
		}
		this.number = next;
		return true;
	}

	/**
	 * Return whether there is no time left to send it: once more, since the reply would
	 * come when its result is due, and what became of it were unknown.
	 */
	boolean isLate() {
		if (this.setback == null) {
			return this.deadline.isOver();
		}
		return !this.deadline.leavesTimeFor(this.entry.isDurable() ? this.entry.durability().timeout() : Duration.ZERO);
	}

	/**
	 * Return why no server has executed it so far, {@code null} before the first attempt.
	 */
	@Nullable Throwable setback() {
		return this.setback;
	}

	/**
	 * Return where to send it next, {@code null} for the server of its stream.
	 */
	@Nullable RedisLink asked() {
		return this.asked;
	}

	/**
	 * Take note that a server has not executed it.
	 * @param reason what it answered
	 * @param next the server that is to execute it, where it has named one for once
	 */
	void notExecuted(Throwable reason, @Nullable RedisLink next) {
		this.setback = reason;
		this.asked = next;
		this.known = null;
	}

	boolean isSettled() {
		return this.settled != 0;
	}

	/**
	 * Tell what became of it, unless that was told before.
	 */
	void settle(PublishResult outcome) {
		if (SETTLED.compareAndSet(this, 0, 1)) {
			this.permits.release();
			this.result.complete(outcome);
		}
	}

}
