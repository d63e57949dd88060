package dev.pubsub.redis.console.view;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * Numbers of which some may be unknown.
 */
final class Numbers {

	private Numbers() {
	}

	static Optional<Long> known(OptionalLong number) {
		return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
	}

	/**
	 * Return a sum.
	 * @return the sum, {@code null} if there are no numbers
	 */
	static @Nullable Long sum(Collection<Long> numbers) {
		return numbers.stream().reduce(Long::sum).orElse(null);
	}

}
