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
	 * once, -1 is the default.
	 */
	long delay() default -1;

	/**
	 * The same as text, such as {@code 500ms}, {@code 2s} or {@code PT2S}; a bare number
	 * is milliseconds. Accepts a placeholder.
	 */
	String delayString() default "";

	/**
	 * Factor from one delay to the next, 1 or more. 0 is the default.
	 */
	double multiplier() default 0;

	/**
	 * Longest delay, in milliseconds. -1 is the default.
	 */
	long maxDelay() default -1;

	/**
	 * The same as text, such as {@code 30s} or {@code 5m}; a bare number is milliseconds.
	 * Accepts a placeholder.
	 */
	String maxDelayString() default "";

	/**
	 * Greatest share of a delay by which it is made longer or shorter at random, from 0
	 * to 1. -1 is the default.
	 */
	double jitter() default -1;

}
