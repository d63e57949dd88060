package dev.pubsub.redis.internal.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one subscription in this process, from a start to a stop.
 * Implementations are thread-safe; starts and stops must not overlap.
 */
public interface SubscriptionConsumers {

	/**
	 * Start. When that fails, those that started stop again.
	 */
	void start();

	/**
	 * Stop on other threads.
	 * @return completes when they have stopped
	 */
	CompletableFuture<Void> stop();

	void setPaused(boolean paused);

	/**
	 * Return the oldest of their last answered reads, {@code null} before each had one.
	 */
	@Nullable Instant lastPoll();

	/**
	 * Return whether Redis answered a read of each.
	 */
	default boolean isPolling() {
		return lastPoll() != null;
	}

	/**
	 * Return what fails at this moment.
	 */
	List<Outage> outages();

	DeliveryActivity activity();

	/**
	 * Return who owns the stream, and its partitions, as far as this process knows.
	 * @return owners by the names of those that have one
	 */
	default Map<String, OwnershipView> ownerships() {
		return Map.of();
	}

	/**
	 * Attempt a message now that waits for its next attempt.
	 * @param stream the stream, or the partition that the id is of
	 * @return whether it waited here
	 */
	boolean retryNow(String stream, EntryId id);

	/**
	 * Return whether the calling thread runs one of their handlers.
	 */
	boolean isCalledByHandler();

	/**
	 * Return the partitions that are read beside the stream itself.
	 */
	default List<String> partitions() {
		return List.of();
	}

}
