package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.util.function.Supplier;

import dev.pubsub.redis.listener.BackOff;
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
	static @Nullable BackOff read(Declaration declaration, Attributes attributes, @Nullable BackOff defaults) {
		Backoff backoff = declaration.annotation().backoff();
		Duration delay = attributes.duration("delay", backoff.delay(), backoff.delayString(), Unit.MILLIS);
		Duration maxDelay = attributes.duration("maxDelay", backoff.maxDelay(), backoff.maxDelayString(), Unit.MILLIS);
		boolean multiplier = !Double.isNaN(backoff.multiplier());
		boolean jitter = !Double.isNaN(backoff.jitter());
		if (delay == null && maxDelay == null && !multiplier && !jitter) {
			return defaults;
		}
		return checked(declaration, () -> {
			BackOff backOff = (defaults != null) ? defaults : BackOff.defaults();
			backOff = (delay != null) ? backOff.withDelay(delay) : backOff;
			backOff = (maxDelay != null) ? backOff.withMaxDelay(maxDelay) : backOff;
			backOff = multiplier ? backOff.withMultiplier(backoff.multiplier()) : backOff;
			return jitter ? backOff.withJitter(backoff.jitter()) : backOff;
		});
	}

	private static BackOff checked(Declaration declaration, Supplier<BackOff> backOff) {
		try {
			return backOff.get();
		}
		catch (IllegalArgumentException ex) {
			throw declaration.invalid("'backoff': " + ex.getMessage(),
					"Correct @Backoff, or leave the attribute out for pubsub.redis.backoff.*.", ex);
		}
	}

}
