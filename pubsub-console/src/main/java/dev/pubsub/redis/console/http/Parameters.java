package dev.pubsub.redis.console.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Named texts of a request: those of its query or of its JSON body. All methods throw
 * {@link RefusedException} for a value that makes no sense.
 */
public final class Parameters {

	/** Longest text that an answer repeats. */
	private static final int MOST_QUOTED = 100;

	private final Map<String, String> values;

	Parameters(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * Return a parameter that must be there.
	 * @param name its name
	 * @return its value, not blank
	 */
	public String required(String name) {
		return optional(name)
			.orElseThrow(() -> RefusedException.badRequest("The parameter '" + name + "' is missing."));
	}

	/**
	 * Return a parameter that may be absent.
	 * @param name its name
	 * @return its value, nothing if it is blank
	 */
	public Optional<String> optional(String name) {
		return Optional.ofNullable(this.values.get(name)).filter((value) -> !value.isBlank());
	}

	/**
	 * Return a number.
	 * @param name name of the parameter
	 * @param absent the number where there is no such parameter
	 * @param least the smallest number that is allowed
	 * @param most the largest number that is allowed
	 * @return the number
	 */
	public int number(String name, int absent, int least, int most) {
		return optional(name).map((text) -> {
			try {
				int number = Integer.parseInt(text);
				if (number >= least && number <= most) {
					return number;
				}
			}
			catch (NumberFormatException ex) {
				// Refused below, as a number out of range.
			}
			throw RefusedException
				.badRequest("'%s' must be a number from %d to %d, was %s.".formatted(name, least, most, quoted(text)));
		}).orElse(absent);
	}

	/**
	 * Return a constant of an enumeration, whose name may be written in lower case.
	 * @param <E> the enumeration
	 * @param name name of the parameter, which must be there
	 * @param type the enumeration
	 * @return the constant
	 */
	public <E extends Enum<E>> E constant(String name, Class<E> type) {
		String text = required(name);
		for (E constant : type.getEnumConstants()) {
			if (constant.name().equalsIgnoreCase(text)) {
				return constant;
			}
		}
		throw RefusedException.badRequest("'%s' must be one of %s, was %s.".formatted(name,
				Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT), quoted(text)));
	}

	/**
	 * Return names and ids, which are all that requests have.
	 */
	@Override
	public String toString() {
		return this.values.toString();
	}

	/**
	 * Return a text as it may be repeated.
	 * @param text any text of a request
	 * @return the text in quotes, cut
	 */
	public static String quoted(String text) {
		return '"' + ((text.length() > MOST_QUOTED) ? text.substring(0, MOST_QUOTED) + "…" : text) + '"';
	}

}
