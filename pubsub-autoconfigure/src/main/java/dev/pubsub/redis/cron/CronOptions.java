package dev.pubsub.redis.cron;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * What all cron jobs of an application have in common. Immutable.
 *
 * @since 0.1.0
 */
public final class CronOptions {

	private static final CronOptions DEFAULTS = new CronOptions(256, Duration.ofMinutes(1));

	private final long maxLength;

	private final Duration misfireGrace;

	private CronOptions(long maxLength, Duration misfireGrace) {
		Assert.isTrue(maxLength >= 0, () -> "'maxLength' must be zero or more, was " + maxLength);
		Assert.isTrue(!misfireGrace.isNegative(), () -> "'misfireGrace' must be zero or more, was " + misfireGrace);
		this.maxLength = maxLength;
		this.misfireGrace = misfireGrace;
	}

	/**
	 * Return the defaults: streams of about 256 entries, one minute of grace.
	 * @return the default options
	 */
	public static CronOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a copy with another length.
	 * @param maxLength about how many entries a fire leaves in the stream of its job,
	 * those of producers included; 0 for all
	 * @return the copy
	 */
	public CronOptions withMaxLength(long maxLength) {
		return new CronOptions(maxLength, this.misfireGrace);
	}

	/**
	 * Return a copy with another grace.
	 * @param misfireGrace how late a job may fire; a fire time that could not be kept for
	 * longer was missed
	 * @return the copy
	 */
	public CronOptions withMisfireGrace(Duration misfireGrace) {
		return new CronOptions(this.maxLength, misfireGrace);
	}

	public long maxLength() {
		return this.maxLength;
	}

	public Duration misfireGrace() {
		return this.misfireGrace;
	}

}
