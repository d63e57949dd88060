package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.util.function.Supplier;

import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat.Unit;

/**
 * Reads a {@link Backoff}.
 */
final class BackoffAttribute {

	private BackoffAttribute() {
	}

	/**
	 * Return the back-off that a declaration asks for.
	 * @param declaration the declaration
	 * @param attributes its attributes
	 * @param defaults what it leaves out, {@code null} for the built-in back-off
	 * @return the back-off, {@code null} if neither the declaration nor the defaults give
	 * one
	 */
	static @Nullable RetryBackoff read(Declaration declaration, Attributes attributes,
			@Nullable RetryBackoff defaults) {
		Backoff backoff = declaration.annotation().backoff();
		Duration delay = attributes.duration("delay", backoff.delay(), backoff.delayString(), Unit.MILLIS);
		Duration maxDelay = attributes.duration("maxDelay", backoff.maxDelay(), backoff.maxDelayString(), Unit.MILLIS);
		boolean multiplier = !Double.isNaN(backoff.multiplier());
		boolean jitter = !Double.isNaN(backoff.jitter());
		if (delay == null && maxDelay == null && !multiplier && !jitter) {
			return defaults;
		}
		return checked(declaration, () -> {
			RetryBackoff result = (defaults != null) ? defaults : RetryBackoff.defaults();
			Duration longest = (maxDelay == null && delay != null && delay.compareTo(result.maxDelay()) > 0) ? delay
					: maxDelay;
			result = (delay != null) ? result.withDelay(delay) : result;
			result = (longest != null) ? result.withMaxDelay(longest) : result;
			result = multiplier ? result.withMultiplier(backoff.multiplier()) : result;
			result = jitter ? result.withJitter(backoff.jitter()) : result;
			return Redelivery.defaults().withBackoff(result).backoff();
		});
	}

	private static RetryBackoff checked(Declaration declaration, Supplier<RetryBackoff> backoff) {
		try {
			return backoff.get();
		}
		catch (IllegalArgumentException ex) {
			throw declaration.invalid("'backoff': " + ex.getMessage(),
					"Correct @Backoff, or leave the attribute out for pubsub.redis.backoff.*.", ex);
		}
	}

}
