package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import dev.pubsub.redis.internal.Bounds;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Time between the attempts of a message: a first delay that grows up to a maximum, with
 * some jitter, so that what failed together does not come back together. Immutable.
 *
 * @since 0.1.0
 */
public final class RetryBackoff {

	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final RetryBackoff DEFAULTS = new RetryBackoff(Duration.ofSeconds(1), 2, null, 0.2);

	private final Duration delay;

	private final double multiplier;

	private final @Nullable Duration maxDelay;

	private final double jitter;

	private RetryBackoff(Duration delay, double multiplier, @Nullable Duration maxDelay, double jitter) {
		Bounds.pause("delay", delay);
		Assert.isTrue(multiplier >= 1, () -> "'multiplier' must be 1 or more, was " + multiplier);
		if (maxDelay != null) {
			Bounds.pause("maxDelay", maxDelay);
		}
		Assert.isTrue(jitter >= 0 && jitter <= 1, () -> "'jitter' must be between 0 and 1, was " + jitter);
		this.delay = delay;
		this.multiplier = multiplier;
		this.maxDelay = maxDelay;
		this.jitter = jitter;
	}

	/**
	 * Return the built-in back-off: 1 s, doubling, at most 5 min, 20 % jitter.
	 * @return the default back-off
	 */
	public static RetryBackoff defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a back-off of the same delay between all attempts, without jitter.
	 * @param delay the delay, from zero to 365 days
	 * @return the back-off
	 */
	public static RetryBackoff fixed(Duration delay) {
		return new RetryBackoff(delay, 1, null, 0);
	}

	/**
	 * Return a copy with another first delay.
	 * @param delay time from the first failed attempt to the next, zero or more; where no
	 * longest delay is set, one above 5 min is the longest as well
	 * @return the copy
	 */
	public RetryBackoff withDelay(Duration delay) {
		return new RetryBackoff(delay, this.multiplier, this.maxDelay, this.jitter);
	}

	/**
	 * Return a copy with another growth.
	 * @param multiplier factor from one delay to the next, 1 or more
	 * @return the copy
	 */
	public RetryBackoff withMultiplier(double multiplier) {
		return new RetryBackoff(this.delay, multiplier, this.maxDelay, this.jitter);
	}

	/**
	 * Return a copy with another longest delay. {@link Redelivery#withBackoff} refuses
	 * one that is less than the first delay.
	 * @param maxDelay the longest delay, jitter included
	 * @return the copy
	 */
	public RetryBackoff withMaxDelay(Duration maxDelay) {
		return new RetryBackoff(this.delay, this.multiplier, maxDelay, this.jitter);
	}

	/**
	 * Return a copy with another jitter.
	 * @param jitter greatest share of a delay by which it is made longer or shorter, from
	 * 0 to 1; none gets longer than the longest delay
	 * @return the copy
	 */
	public RetryBackoff withJitter(double jitter) {
		return new RetryBackoff(this.delay, this.multiplier, this.maxDelay, jitter);
	}

	/**
	 * Return the time from the first failed attempt to the next, before jitter.
	 * @return the first delay
	 */
	public Duration delay() {
		return this.delay;
	}

	/**
	 * Return the factor from one delay to the next.
	 * @return 1 or more
	 */
	public double multiplier() {
		return this.multiplier;
	}

	/**
	 * Return the longest delay, jitter included.
	 * @return the one that was set, else 5 min or the first delay if that is longer
	 */
	public Duration maxDelay() {
		if (this.maxDelay != null) {
			return this.maxDelay;
		}
		return (LONGEST.compareTo(this.delay) >= 0) ? LONGEST : this.delay;
	}

	/**
	 * Return the greatest share of a delay by which it is made longer or shorter.
	 * @return from 0 to 1
	 */
	public double jitter() {
		return this.jitter;
	}

	/**
	 * Check the delays against each other, which the withers leave: their order does not
	 * matter.
	 * @return this back-off
	 * @throws IllegalArgumentException if the longest delay is less than the first
	 */
	RetryBackoff checked() {
		Assert.isTrue(this.maxDelay == null || this.maxDelay.compareTo(this.delay) >= 0,
				() -> "'maxDelay' must not be less than 'delay' (" + this.delay + "), was " + this.maxDelay);
		return this;
	}

	/**
	 * Return the time from a failed attempt to the next.
	 * @param failedAttempt number of the failed attempt, 1 for the first
	 * @param random gives a number from 0 to 1
	 * @return the delay
	 */
	Duration delayAfter(int failedAttempt, DoubleSupplier random) {
		double first = (double) this.delay.toMillis();
		double longest = (double) maxDelay().toMillis();
		double grown = first * Math.pow(this.multiplier, failedAttempt - 1.0);
		double spread = Math.min(grown, longest) * (1 + this.jitter * (2 * random.getAsDouble() - 1));
		// Cut off at the longest, half of what failed together would come back together.
		double delay = (spread > longest) ? 2 * longest - spread : spread;
		return Duration.ofMillis(Math.round(delay));
	}

	@Override
	public String toString() {
		return this.delay + " × " + this.multiplier + ", at most " + maxDelay() + ", jitter " + this.jitter;
	}

}
