package dev.pubsub.redis.internal.delivery;

import java.time.Instant;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of a group and has them handled, from its start to its stop. Runs once.
 */
interface GroupConsumer {

	void start();

	/**
	 * Stop; blocks.
	 */
	void stop();

	/**
	 * Stop, since another instance is to consume the stream; blocks.
	 */
	default void giveBack() {
		stop();
	}

	/**
	 * Return what reads now, {@code null} while nothing does.
	 */
	@Nullable StreamConsumer reading();

	void setPaused(boolean paused);

	/**
	 * Return when Redis answered last that there is nothing more to do, {@code null}
	 * before the first time.
	 */
	@Nullable Instant lastPoll();

	DeliveryActivity activity();

	/**
	 * Return who owns the stream, {@code null} where that is unknown.
	 */
	default @Nullable OwnershipView ownership() {
		return null;
	}

	/**
	 * Attempt a message now that waits for its next attempt.
	 * @return whether it waited here
	 */
	boolean retryNow(EntryId id);

	/**
	 * Return whether the calling thread runs one of its handlers.
	 */
	boolean isCalledByHandler();

}
