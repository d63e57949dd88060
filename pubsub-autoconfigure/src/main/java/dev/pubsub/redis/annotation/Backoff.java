package dev.pubsub.redis.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Time between the attempts of a message. What is left out comes from
 * {@code pubsub.redis.backoff.*}, and then from the built-in back-off: 1 s, doubling, at
 * most 5 min, 20 % jitter.
 *
 * @since 0.1.0
 * @see StreamSubscribe#backoff()
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Backoff {

	/**
	 * Time from the first attempt that failed to the next, in milliseconds. Zero means at
	 * once, {@link Long#MIN_VALUE} that it is left out; other negative numbers and more
	 * than 365 days are refused.
	 */
	long delay() default Long.MIN_VALUE;

	/**
	 * The same as text, such as {@code 500ms}, {@code 2s} or {@code PT2S}; a bare number
	 * is milliseconds. Accepts a placeholder.
	 */
	String delayString() default "";

	/**
	 * Factor from one delay to the next, 1 or more. {@link Double#NaN} means that it is
	 * left out.
	 */
	double multiplier() default Double.NaN;

	/**
	 * Longest delay, jitter included, in milliseconds, not less than the first.
	 * {@link Long#MIN_VALUE} means that it is left out; other negative numbers and more
	 * than 365 days are refused.
	 */
	long maxDelay() default Long.MIN_VALUE;

	/**
	 * The same as text, such as {@code 30s} or {@code 5m}; a bare number is milliseconds.
	 * Accepts a placeholder.
	 */
	String maxDelayString() default "";

	/**
	 * Greatest share of a delay by which it is made longer or shorter at random, from 0
	 * to 1; none gets longer than {@link #maxDelay()}. {@link Double#NaN} means that it
	 * is left out.
	 */
	double jitter() default Double.NaN;

}
