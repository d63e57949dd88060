package dev.pubsub.redis.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.operations.OperationException.Kind;
import dev.pubsub.redis.operations.OperationException;
import dev.pubsub.redis.operations.Order;
import dev.pubsub.redis.operations.PageRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads what people send, and says what is wrong with it.
 */
final class Inputs {

	private Inputs() {
	}

	static PageRequest page(@Nullable String limit, @Nullable String after) {
		PageRequest page = PageRequest.first().withAfter(isAbsent(after) ? null : after);
		if (isAbsent(limit)) {
			return page;
		}
		try {
			return page.withLimit(Integer.parseInt(limit));
		}
		catch (NumberFormatException ex) {
			throw invalid("'limit' must be 1 to " + PageRequest.MOST + ", was \"" + SafeText.of(limit) + "\"");
		}
	}

	static Order order(@Nullable String order) {
		if (isAbsent(order) || "oldest".equalsIgnoreCase(order)) {
			return Order.OLDEST_FIRST;
		}
		if ("newest".equalsIgnoreCase(order)) {
			return Order.NEWEST_FIRST;
		}
		throw invalid("'order' must be oldest or newest, was \"" + SafeText.of(order) + "\"");
	}

	static String required(String name, @Nullable String value) {
		if (value == null || value.isBlank()) {
			throw invalid("'" + name + "' is missing");
		}
		return value;
	}

	static String orElse(@Nullable String value, String other) {
		return (value == null || value.isBlank()) ? other : value;
	}

	static boolean isAbsent(@Nullable String value) {
		return value == null || value.isBlank();
	}

	/**
	 * Read the name of a constant, in upper or lower case, with dashes.
	 */
	static <E extends Enum<E>> E choice(String name, E[] choices, @Nullable String value) {
		for (E choice : choices) {
			if (name(choice).equalsIgnoreCase(value)) {
				return choice;
			}
		}
		List<String> names = Arrays.stream(choices).map(Inputs::name).toList();
		throw invalid("'%s' must be one of %s, was %s".formatted(name, names,
				(value != null) ? SafeText.of(value) : "not given"));
	}

	static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static OperationException invalid(String message) {
		return new OperationException(Kind.INVALID, message, null);
	}

	static OperationException unknown(String message) {
		return new OperationException(Kind.UNKNOWN, message, null);
	}

}
