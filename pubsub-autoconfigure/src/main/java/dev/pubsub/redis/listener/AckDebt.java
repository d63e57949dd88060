package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.StreamGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that left their handler and are not settled: while there are too many nothing
 * is read. That is short where Redis confirms slowly; where handlers forget to
 * acknowledge it is for ever, and said so once. For one reader, on one thread at a time.
 */
final class AckDebt {

	private static final Logger logger = LoggerFactory.getLogger(AckDebt.class);

	private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

	private final StreamGroup group;

	private final int most;

	private final IntSupplier owed;

	private final LongSupplier ticker;

	private boolean reached;

	private boolean told;

	private long since;

	/**
	 * Create a debt.
	 * @param most how many messages may be owed
	 * @param owed returns how many are
	 * @param ticker monotonic nanoseconds
	 */
	AckDebt(StreamGroup group, int most, IntSupplier owed, LongSupplier ticker) {
		this.group = group;
		this.most = most;
		this.owed = owed;
		this.ticker = ticker;
	}

	/**
	 * Return whether reading has to wait.
	 */
	boolean isTooHigh() {
		int now = this.owed.getAsInt();
		boolean before = this.reached;
		this.reached = now >= this.most;
		if (this.reached && !before) {
			this.since = this.ticker.getAsLong();
		}
		if (this.reached && !this.told && this.ticker.getAsLong() - this.since >= PATIENCE_NANOS) {
			this.told = true;
			logger.warn("Reading from {} waits: {} messages were handled and are not acknowledged", this.group, now);
		}
		if (!this.reached && this.told) {
			this.told = false;
			logger.info("Reading from {} goes on, messages were acknowledged", this.group);
		}
		return this.reached;
	}

}
