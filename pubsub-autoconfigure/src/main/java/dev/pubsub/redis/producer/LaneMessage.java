package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

import dev.pubsub.redis.internal.redis.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * A message in a lane, and whoever waits for its result. It keeps the permit of the lane
 * that it came to first, whichever lane sends it in the end.
 */
final class LaneMessage {

	private static final Duration LAST_REPLY = Duration.ofMillis(50);

	private final OutgoingEntry entry;

	private final Semaphore permits;

	private final Deadline deadline;

	private final CompletableFuture<PublishResult> result = new CompletableFuture<>();

	private volatile CompletableFuture<ServerFeatures> features;

	private volatile @Nullable Throwable setback;

	LaneMessage(OutgoingEntry entry, CompletableFuture<ServerFeatures> features, Semaphore permits, Deadline deadline) {
		this.entry = entry;
		this.features = features;
		this.permits = permits;
		this.deadline = deadline;
	}

	OutgoingEntry entry() {
		return this.entry;
	}

	CompletableFuture<PublishResult> result() {
		return this.result;
	}

	/**
	 * Return what the server can do; fails when Redis is away.
	 */
	CompletableFuture<ServerFeatures> features() {
		return this.features;
	}

	/**
	 * Set what another server can do, which is to have the message now.
	 */
	void setFeatures(CompletableFuture<ServerFeatures> features) {
		this.features = features;
	}

	Deadline deadline() {
		return this.deadline;
	}

	/**
	 * Return whether there is no time left to send it once more: the reply would come
	 * when its result is due, and what became of it were unknown.
	 */
	boolean isLate() {
		Duration needed = this.entry.isDurable() ? this.entry.durability().timeout() : Duration.ZERO;
		return this.deadline.left().compareTo(needed.plus(LAST_REPLY)) <= 0;
	}

	/**
	 * Return why no server has executed it so far, {@code null} before the first attempt.
	 */
	@Nullable Throwable setback() {
		return this.setback;
	}

	void setSetback(Throwable reason) {
		this.setback = reason;
	}

	/**
	 * Tell what became of it.
	 */
	void settle(PublishResult outcome) {
		this.permits.release();
		this.result.complete(outcome);
	}

}
