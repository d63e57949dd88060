package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import dev.pubsub.redis.internal.Bounds;

import org.springframework.util.Assert;

/**
 * Time between the attempts of a message: a first delay that grows up to a maximum, with
 * some jitter, so that what failed together does not come back together. Immutable.
 *
 * @since 0.1.0
 */
public final class BackOff {

	private static final BackOff DEFAULTS = new BackOff(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.2);

	private final Duration delay;

	private final double multiplier;

	private final Duration maxDelay;

	private final double jitter;

	private BackOff(Duration delay, double multiplier, Duration maxDelay, double jitter) {
		Bounds.pause("delay", delay);
		Assert.isTrue(multiplier >= 1, () -> "'multiplier' must be 1 or more, was " + multiplier);
		Bounds.pause("maxDelay", maxDelay);
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
	public static BackOff defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a back-off of the same delay between all attempts, without jitter.
	 * @param delay the delay, from zero to 365 days
	 * @return the back-off
	 */
	public static BackOff fixed(Duration delay) {
		return new BackOff(delay, 1, delay, 0);
	}

	/**
	 * Return a copy with another first delay.
	 * @param delay time from the first failed attempt to the next, zero or more; if it is
	 * longer than the longest delay it is the longest
	 * @return the copy
	 */
	public BackOff withDelay(Duration delay) {
		return new BackOff(delay, this.multiplier, this.maxDelay, this.jitter);
	}

	/**
	 * Return a copy with another growth.
	 * @param multiplier factor from one delay to the next, 1 or more
	 * @return the copy
	 */
	public BackOff withMultiplier(double multiplier) {
		return new BackOff(this.delay, multiplier, this.maxDelay, this.jitter);
	}

	/**
	 * Return a copy with another longest delay. It is compared to the first delay, so
	 * that one has to be given before.
	 * @param maxDelay the longest delay, jitter included, not less than the first
	 * @return the copy
	 */
	public BackOff withMaxDelay(Duration maxDelay) {
		Assert.isTrue(maxDelay.compareTo(this.delay) >= 0,
				() -> "'maxDelay' must not be less than 'delay' (" + this.delay + "), was " + maxDelay);
		return new BackOff(this.delay, this.multiplier, maxDelay, this.jitter);
	}

	/**
	 * Return a copy with another jitter.
	 * @param jitter greatest share of a delay by which it is made longer or shorter, from
	 * 0 to 1; none gets longer than the longest delay
	 * @return the copy
	 */
	public BackOff withJitter(double jitter) {
		return new BackOff(this.delay, this.multiplier, this.maxDelay, jitter);
	}

	/**
	 * Return the time from a failed attempt to the next.
	 * @param failedAttempt number of the failed attempt, 1 for the first
	 * @param random gives a number from 0 to 1
	 * @return the delay
	 */
	Duration delayAfter(int failedAttempt, DoubleSupplier random) {
		double first = (double) this.delay.toMillis();
		double longest = (double) Math.max(this.delay.toMillis(), this.maxDelay.toMillis());
		double grown = first * Math.pow(this.multiplier, failedAttempt - 1.0);
		double spread = Math.min(grown, longest) * (1 + this.jitter * (2 * random.getAsDouble() - 1));
		// Cut off at the longest, half of what failed together would come back together.
		double delay = (spread > longest) ? 2 * longest - spread : spread;
		return Duration.ofMillis(Math.round(delay));
	}

	@Override
	public String toString() {
		return this.delay + " × " + this.multiplier + ", at most " + this.maxDelay + ", jitter " + this.jitter;
	}

}
