package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.GroupClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns when a dead-letter stream has reached its greatest length, from where on each new
 * dead letter removes the oldest. Asks for the length now and then, after a dead letter
 * was added. Thread-safe: its own lock guards the state, and what it guards is quick.
 */
final class DeadLetterLimit {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterLimit.class);

	private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

	private final GroupClient client;

	private final @Nullable String target;

	private final long maxLength;

	private final LongSupplier ticker;

	private boolean asked;

	private long lastAsked;

	private boolean reached;

	/**
	 * Create a limit.
	 * @param target the dead-letter stream, if there is one
	 * @param maxLength its greatest length, 0 for no limit
	 * @param ticker monotonic nanoseconds
	 */
	DeadLetterLimit(GroupClient client, @Nullable String target, long maxLength, LongSupplier ticker) {
		this.client = client;
		this.target = target;
		this.maxLength = maxLength;
		this.ticker = ticker;
	}

	/**
	 * A dead letter was added.
	 */
	void added() {
		if (this.target == null || this.maxLength == 0 || !isTime()) {
			return;
		}
		this.client.length(this.target).whenComplete((length, failure) -> {
			if (failure != null) {
				logger.debug("Cannot ask for the length of {}", this.target, failure);
			}
			else {
				measured(length);
			}
		});
	}

	private synchronized boolean isTime() {
		long now = this.ticker.getAsLong();
		if (this.asked && now - this.lastAsked < PAUSE_NANOS) {
			return false;
		}
		this.asked = true;
		this.lastAsked = now;
		return true;
	}

	synchronized void measured(long length) {
		boolean before = this.reached;
		this.reached = length >= this.maxLength;
		if (this.reached && !before) {
			logger.warn(
					"The dead-letter stream {} has reached its limit of about {} messages: each new one removes the"
							+ " oldest. Redrive or delete dead letters, or raise dead-letter.max-length (0 keeps all)",
					this.target, this.maxLength);
		}
	}

}
