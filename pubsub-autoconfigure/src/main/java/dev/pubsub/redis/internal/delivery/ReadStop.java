package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.redis.StreamGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A number of messages at which nothing more is read. That is short where Redis confirms
 * slowly; where handlers forget to acknowledge, or many messages wait for their next
 * attempt, it may be for long, and is said once. For one reader, on one thread at a time.
 */
final class ReadStop {

	private static final Logger logger = LoggerFactory.getLogger(ReadStop.class);

	private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

	private final StreamGroup group;

	private final String messages;

	private final int most;

	private final IntSupplier count;

	private final LongSupplier ticker;

	private boolean reached;

	private boolean told;

	private long since;

	/**
	 * Create a stop.
	 * @param messages which messages are counted, in log lines
	 * @param most how many there may be
	 * @param count returns how many there are
	 * @param ticker monotonic nanoseconds
	 */
	ReadStop(StreamGroup group, String messages, int most, IntSupplier count, LongSupplier ticker) {
		this.group = group;
		this.messages = messages;
		this.most = most;
		this.count = count;
		this.ticker = ticker;
	}

	/**
	 * Return whether reading has to wait.
	 */
	boolean isReached() {
		int now = this.count.getAsInt();
		boolean before = this.reached;
		this.reached = now >= this.most;
		if (this.reached && !before) {
			this.since = this.ticker.getAsLong();
		}
		if (this.reached && !this.told && this.ticker.getAsLong() - this.since >= PATIENCE_NANOS) {
			this.told = true;
			logger.warn("Reading from {} waits: {} {}", this.group, now, this.messages);
		}
		if (!this.reached && this.told) {
			this.told = false;
			logger.info("Reading from {} goes on", this.group);
		}
		return this.reached;
	}

}
