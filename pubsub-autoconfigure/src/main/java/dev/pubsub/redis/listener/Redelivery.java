package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import dev.pubsub.redis.internal.Bounds;
import dev.pubsub.redis.internal.Failures;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How often and when a failed message is attempted again. Immutable.
 *
 * @since 0.1.0
 */
public final class Redelivery {

	private static final Redelivery DEFAULTS = new Redelivery(10, Duration.ofSeconds(300), null, Set.of(), Set.of());

	private final int retryCount;

	private final Duration timeout;

	private final @Nullable RetryBackoff backoff;

	private final Set<Class<? extends Throwable>> include;

	private final Set<Class<? extends Throwable>> exclude;

	private Redelivery(int retryCount, Duration timeout, @Nullable RetryBackoff backoff,
			Set<Class<? extends Throwable>> include, Set<Class<? extends Throwable>> exclude) {
		Assert.isTrue(retryCount >= 0, () -> "'retryCount' must be zero or more, was " + retryCount);
		Bounds.time("timeout", timeout);
		this.retryCount = retryCount;
		this.timeout = timeout;
		this.backoff = backoff;
		this.include = Set.copyOf(include);
		this.exclude = Set.copyOf(exclude);
	}

	/**
	 * Return the default: 10 retries, 300 s per attempt, the built-in back-off.
	 * @return the default redelivery
	 */
	public static Redelivery defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a copy with another number of retries.
	 * @param retryCount redeliveries after the first attempt, zero for none
	 * @return the copy
	 */
	public Redelivery withRetryCount(int retryCount) {
		return new Redelivery(retryCount, this.timeout, this.backoff, this.include, this.exclude);
	}

	/**
	 * Return a copy with another deadline.
	 * @param timeout how long one attempt may run, greater than zero
	 * @return the copy
	 */
	public Redelivery withTimeout(Duration timeout) {
		return new Redelivery(this.retryCount, timeout, this.backoff, this.include, this.exclude);
	}

	/**
	 * Return a copy with another time between attempts.
	 * @param backoff time between attempts
	 * @return the copy
	 * @throws IllegalArgumentException if its longest delay is less than its first
	 */
	public Redelivery withBackoff(RetryBackoff backoff) {
		return new Redelivery(this.retryCount, this.timeout, backoff.checked(), this.include, this.exclude);
	}

	/**
	 * Return a copy that retries only these failures, and their subclasses. What proxies,
	 * reflection and futures wrap is matched without the wrapper.
	 * @param include what to retry, empty for everything
	 * @return the copy
	 */
	public Redelivery withInclude(Set<Class<? extends Throwable>> include) {
		return new Redelivery(this.retryCount, this.timeout, this.backoff, include, this.exclude);
	}

	/**
	 * Return a copy that does not retry these failures, nor their subclasses. What
	 * proxies, reflection and futures wrap is matched without the wrapper.
	 * @param exclude what to dead-letter at once
	 * @return the copy
	 */
	public Redelivery withExclude(Set<Class<? extends Throwable>> exclude) {
		return new Redelivery(this.retryCount, this.timeout, this.backoff, this.include, exclude);
	}

	public int retryCount() {
		return this.retryCount;
	}

	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return the time between attempts.
	 * @return the given back-off, else the built-in one
	 */
	public RetryBackoff backoff() {
		return (this.backoff != null) ? this.backoff : RetryBackoff.defaults();
	}

	/**
	 * Return how often a handler may start for one message.
	 * @return the retries and the first attempt
	 */
	int maxAttempts() {
		return (this.retryCount < Integer.MAX_VALUE) ? this.retryCount + 1 : Integer.MAX_VALUE;
	}

	/**
	 * Return what to match and to report.
	 * @param thrown what a handler threw
	 * @return the failure behind wrappers, unless a wrapper is included or excluded
	 */
	Throwable failure(Throwable thrown) {
		Set<Class<? extends Throwable>> named = new HashSet<>(this.include);
		named.addAll(this.exclude);
		return Failures.unwrap(thrown, named);
	}

	boolean isRetryable(Throwable failure) {
		if (matches(this.exclude, failure)) {
			return false;
		}
		return this.include.isEmpty() || matches(this.include, failure);
	}

	private static boolean matches(Set<Class<? extends Throwable>> types, Throwable failure) {
		for (Class<? extends Throwable> type : types) {
			if (type.isInstance(failure)) {
				return true;
			}
		}
		return false;
	}

}
