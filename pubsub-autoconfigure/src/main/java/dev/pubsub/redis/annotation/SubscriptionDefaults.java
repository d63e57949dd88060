package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a {@link StreamSubscribe} leaves out. Immutable.
 *
 * @since 0.1.0
 */
public final class SubscriptionDefaults {

	private final String group;

	private final int retryCount;

	private final @Nullable Duration timeout;

	private final @Nullable RetryBackoff backoff;

	private final ContainerOptions options;

	private final DeadLetterPolicy deadLetters;

	private final ZoneId cronZone;

	private SubscriptionDefaults(String group, int retryCount, @Nullable Duration timeout,
			@Nullable RetryBackoff backoff, ContainerOptions options, DeadLetterPolicy deadLetters, ZoneId cronZone) {
		Assert.hasText(group, "'group' must not be blank");
		Assert.isTrue(retryCount >= 0, () -> "'retryCount' must be zero or more, was " + retryCount);
		this.group = group;
		this.retryCount = retryCount;
		this.timeout = timeout;
		this.backoff = backoff;
		this.options = options;
		this.deadLetters = deadLetters;
		this.cronZone = cronZone;
	}

	/**
	 * Return the built-in defaults.
	 * @param group consumer group
	 * @return 10 retries, the built-in deadline and back-off, default options and dead
	 * letters, cron expressions in UTC
	 */
	public static SubscriptionDefaults of(String group) {
		return new SubscriptionDefaults(group, Redelivery.defaults().retryCount(), null, null,
				ContainerOptions.defaults(), DeadLetterPolicy.defaults(), ZoneOffset.UTC);
	}

	/**
	 * Return a copy with another consumer group.
	 * @param group consumer group
	 * @return the copy
	 */
	public SubscriptionDefaults withGroup(String group) {
		return new SubscriptionDefaults(group, this.retryCount, this.timeout, this.backoff, this.options,
				this.deadLetters, this.cronZone);
	}

	/**
	 * Return a copy with another number of retries.
	 * @param retryCount redeliveries after the first attempt, zero or more
	 * @return the copy
	 */
	public SubscriptionDefaults withRetryCount(int retryCount) {
		return new SubscriptionDefaults(this.group, retryCount, this.timeout, this.backoff, this.options,
				this.deadLetters, this.cronZone);
	}

	/**
	 * Return a copy with another deadline, which is the time between attempts as well
	 * unless there is a back-off.
	 * @param timeout how long one attempt may run, {@code null} for the built-in deadline
	 * @return the copy
	 */
	public SubscriptionDefaults withTimeout(@Nullable Duration timeout) {
		return new SubscriptionDefaults(this.group, this.retryCount, timeout, this.backoff, this.options,
				this.deadLetters, this.cronZone);
	}

	/**
	 * Return a copy with another time between attempts.
	 * @param backoff time between attempts, {@code null} for the timeout, if one is set,
	 * else the built-in back-off
	 * @return the copy
	 */
	public SubscriptionDefaults withBackoff(@Nullable RetryBackoff backoff) {
		return new SubscriptionDefaults(this.group, this.retryCount, this.timeout, backoff, this.options,
				this.deadLetters, this.cronZone);
	}

	/**
	 * Return a copy with other options.
	 * @param options how a container reads
	 * @return the copy
	 */
	public SubscriptionDefaults withOptions(ContainerOptions options) {
		return new SubscriptionDefaults(this.group, this.retryCount, this.timeout, this.backoff, options,
				this.deadLetters, this.cronZone);
	}

	/**
	 * Return a copy with another place for dead letters.
	 * @param deadLetters where messages go that are given up
	 * @return the copy
	 */
	public SubscriptionDefaults withDeadLetters(DeadLetterPolicy deadLetters) {
		return new SubscriptionDefaults(this.group, this.retryCount, this.timeout, this.backoff, this.options,
				deadLetters, this.cronZone);
	}

	/**
	 * Return a copy with another time zone of cron expressions.
	 * @param cronZone the time zone
	 * @return the copy
	 */
	public SubscriptionDefaults withCronZone(ZoneId cronZone) {
		return new SubscriptionDefaults(this.group, this.retryCount, this.timeout, this.backoff, this.options,
				this.deadLetters, cronZone);
	}

	/**
	 * Return the consumer group.
	 * @return name of the group
	 */
	public String group() {
		return this.group;
	}

	/**
	 * Return the redeliveries after the first attempt.
	 * @return zero for none
	 */
	public int retryCount() {
		return this.retryCount;
	}

	/**
	 * Return how long one attempt may run.
	 * @return the deadline, {@code null} where none was set
	 */
	public @Nullable Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return the time between attempts.
	 * @return the back-off, {@code null} where none was set
	 */
	public @Nullable RetryBackoff backoff() {
		return this.backoff;
	}

	/**
	 * Return how a container reads.
	 * @return the options
	 */
	public ContainerOptions options() {
		return this.options;
	}

	/**
	 * Return where messages go that are given up.
	 * @return the policy
	 */
	public DeadLetterPolicy deadLetters() {
		return this.deadLetters;
	}

	/**
	 * Return the time zone of cron expressions.
	 * @return the time zone
	 */
	public ZoneId cronZone() {
		return this.cronZone;
	}

}
