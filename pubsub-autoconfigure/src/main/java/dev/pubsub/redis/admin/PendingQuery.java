package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which pending entries to list. Immutable.
 *
 * @since 0.1.0
 */
public final class PendingQuery {

	private static final PendingQuery DEFAULTS = new PendingQuery(IdRange.all(), Duration.ZERO, null, 100);

	private final IdRange range;

	private final Duration minIdle;

	private final @Nullable String consumer;

	private final int count;

	private PendingQuery(IdRange range, Duration minIdle, @Nullable String consumer, int count) {
		Assert.isTrue(!minIdle.isNegative(), () -> "'minIdle' must be zero or more, was " + minIdle);
		Assert.isTrue(count > 0, () -> "'count' must be one or more, was " + count);
		this.range = range;
		this.minIdle = minIdle;
		this.consumer = consumer;
		this.count = count;
	}

	/**
	 * Return the default: the first 100, of all consumers.
	 * @return the default query
	 */
	public static PendingQuery defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a copy for a range of ids.
	 * @param range which ids; all by default
	 * @return the copy
	 */
	public PendingQuery withRange(IdRange range) {
		return new PendingQuery(range, this.minIdle, this.consumer, this.count);
	}

	/**
	 * Return a copy for entries that have been idle for a while.
	 * @param minIdle shortest idle time, zero (the default) or more
	 * @return the copy
	 */
	public PendingQuery withMinIdle(Duration minIdle) {
		return new PendingQuery(this.range, minIdle, this.consumer, this.count);
	}

	/**
	 * Return a copy for one consumer.
	 * @param consumer name of the consumer; all by default
	 * @return the copy
	 */
	public PendingQuery withConsumer(String consumer) {
		return new PendingQuery(this.range, this.minIdle, consumer, this.count);
	}

	/**
	 * Return a copy for another number of entries.
	 * @param count most entries to return, one or more; 100 by default
	 * @return the copy
	 */
	public PendingQuery withCount(int count) {
		return new PendingQuery(this.range, this.minIdle, this.consumer, count);
	}

	Object[] arguments(String group) {
		List<Object> arguments = new ArrayList<>(List.of(group));
		if (!this.minIdle.isZero()) {
			arguments.add("IDLE");
			arguments.add(this.minIdle.toMillis());
		}
		arguments.addAll(List.of(this.range.from(), this.range.to(), this.count));
		if (this.consumer != null) {
			arguments.add(this.consumer);
		}
		return arguments.toArray();
	}

}
