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

	public PendingQuery withRange(IdRange range) {
		return new PendingQuery(range, this.minIdle, this.consumer, this.count);
	}

	public PendingQuery withMinIdle(Duration minIdle) {
		return new PendingQuery(this.range, minIdle, this.consumer, this.count);
	}

	public PendingQuery withConsumer(String consumer) {
		return new PendingQuery(this.range, this.minIdle, consumer, this.count);
	}

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
