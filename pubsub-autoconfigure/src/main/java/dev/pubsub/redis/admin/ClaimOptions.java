package dev.pubsub.redis.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How to claim pending entries. There is no way to force it: that would bring back what
 * is acknowledged already. Immutable.
 *
 * @since 0.1.0
 */
public final class ClaimOptions {

	private final Duration minIdle;

	private final @Nullable Duration idle;

	private final @Nullable Instant time;

	private final @Nullable Long retryCount;

	private ClaimOptions(Duration minIdle, @Nullable Duration idle, @Nullable Instant time, @Nullable Long retryCount) {
		Assert.isTrue(!minIdle.isNegative(), () -> "'minIdle' must be zero or more, was " + minIdle);
		this.minIdle = minIdle;
		this.idle = idle;
		this.time = time;
		this.retryCount = retryCount;
	}

	/**
	 * Return options that claim what nobody touched for a while. With less than the lease
	 * of a running listener, messages are taken away from it that it is working on.
	 * @param minIdle shortest idle time, zero or more
	 * @return the options
	 */
	public static ClaimOptions minIdle(Duration minIdle) {
		return new ClaimOptions(minIdle, null, null, null);
	}

	/**
	 * Return a copy that sets the idle time.
	 * @param idle for how long the entries shall count as idle; default zero
	 * @return the copy
	 */
	public ClaimOptions withIdle(Duration idle) {
		return new ClaimOptions(this.minIdle, idle, null, this.retryCount);
	}

	/**
	 * Return a copy that sets the time of delivery.
	 * @param time since when the entries shall count as idle
	 * @return the copy
	 */
	public ClaimOptions withTime(Instant time) {
		return new ClaimOptions(this.minIdle, null, time, this.retryCount);
	}

	/**
	 * Return a copy that sets the delivery count.
	 * @param retryCount how often the entries shall count as delivered; default one more
	 * @return the copy
	 */
	public ClaimOptions withRetryCount(long retryCount) {
		return new ClaimOptions(this.minIdle, this.idle, this.time, retryCount);
	}

	List<Object> before() {
		return List.of(this.minIdle.toMillis());
	}

	List<Object> after() {
		List<Object> arguments = new ArrayList<>();
		if (this.idle != null) {
			arguments.add("IDLE");
			arguments.add(this.idle.toMillis());
		}
		if (this.time != null) {
			arguments.add("TIME");
			arguments.add(this.time.toEpochMilli());
		}
		if (this.retryCount != null) {
			arguments.add("RETRYCOUNT");
			arguments.add(this.retryCount);
		}
		return arguments;
	}

}
