package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.util.function.Supplier;

import dev.pubsub.redis.InvalidSubscriptionException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Reads the attributes of one declaration: resolves placeholders and expressions, and
 * says which attribute is wrong when one is.
 */
final class Attributes {

	private final Declaration declaration;

	private final StringValueResolver resolver;

	Attributes(Declaration declaration, StringValueResolver resolver) {
		this.declaration = declaration;
		this.resolver = resolver;
	}

	/**
	 * Return a text.
	 * @param name name of the attribute
	 * @param value what was written
	 * @return the resolved text, or {@code null} if nothing was written
	 */
	@Nullable String text(String name, String value) {
		if (value.isEmpty()) {
			return null;
		}
		String resolved = resolve(name, value);
		if (!StringUtils.hasText(resolved)) {
			throw this.declaration.invalid("'%s' is blank: %s".formatted(name, quote(value, resolved)),
					"Give '%s' a text, or leave it out.".formatted(name));
		}
		return resolved.strip();
	}

	/**
	 * Return a whole number that may be written in two ways.
	 * @param name name of the attribute; the other one ends in {@code String}
	 * @param value the number, {@link Integer#MIN_VALUE} if none was written
	 * @param text the text, empty if none was written
	 * @param least least number that makes sense
	 * @return the number or {@code null} if none was written
	 */
	@Nullable Integer number(String name, int value, String text, int least) {
		String resolved = text(name + "String", text);
		boolean given = value != Integer.MIN_VALUE;
		refuseBoth(name, given, resolved != null);
		if (resolved == null) {
			return given ? atLeast(name, value, least) : null;
		}
		try {
			return atLeast(name + "String", Integer.parseInt(resolved), least);
		}
		catch (NumberFormatException ex) {
			throw this.declaration.invalid(
					"'%sString' is not a whole number: %s".formatted(name, quote(text, resolved)),
					"Use a number such as 3.", ex);
		}
	}

	/**
	 * Return a duration that may be written in two ways.
	 * @param name name of the attribute; the other one ends in {@code String}
	 * @param value the number, {@link Long#MIN_VALUE} if none was written
	 * @param text the text, empty if none was written
	 * @param unit unit of a bare number
	 * @return the duration or {@code null} if none was written
	 */
	@Nullable Duration duration(String name, long value, String text, DurationFormat.Unit unit) {
		String resolved = text(name + "String", text);
		boolean given = value != Long.MIN_VALUE;
		refuseBoth(name, given, resolved != null);
		if (resolved == null) {
			return given ? Duration.of(value, unit.asChronoUnit()) : null;
		}
		try {
			return DurationFormatterUtils.detectAndParse(resolved, unit);
		}
		catch (IllegalArgumentException ex) {
			throw this.declaration.invalid("'%sString' is not a duration: %s".formatted(name, quote(text, resolved)),
					"Use a duration such as 500ms, 30s, 5m or PT30S.", ex);
		}
	}

	/**
	 * Return a switch.
	 * @param name name of the attribute
	 * @param value what was written
	 * @return whether it is on, or {@code null} if nothing was written
	 */
	@Nullable Boolean bool(String name, String value) {
		String resolved = text(name, value);
		if (resolved == null) {
			return null;
		}
		if (!resolved.equalsIgnoreCase("true") && !resolved.equalsIgnoreCase("false")) {
			throw this.declaration.invalid("'%s' is neither true nor false: %s".formatted(name, quote(value, resolved)),
					"Set '%s' to true or false, or leave it out.".formatted(name));
		}
		return Boolean.valueOf(resolved);
	}

	/**
	 * Return what the engine makes of a value that may be written in two ways.
	 * @param <T> type of the result
	 * @param name name of the attribute; the other one ends in {@code String}
	 * @param text the text, empty if none was written
	 * @param result makes it, and refuses a value that is out of bounds
	 * @return the result
	 */
	<T> T accepted(String name, String text, Supplier<T> result) {
		try {
			return result.get();
		}
		catch (IllegalArgumentException ex) {
			throw outOfBounds(name, text, ex);
		}
	}

	private InvalidSubscriptionException outOfBounds(String name, String text, IllegalArgumentException finding) {
		String action = "Correct '%s', or leave it out for the default of pubsub.redis.*.";
		if (text.isEmpty()) {
			return this.declaration.invalid(String.valueOf(finding.getMessage()), action.formatted(name), finding);
		}
		String written = name + "String";
		return this.declaration.invalid("'%s' is out of bounds: %s (%s)".formatted(written,
				quote(text, resolve(written, text)), finding.getMessage()), action.formatted(written), finding);
	}

	private int atLeast(String name, int value, int least) {
		if (value < least) {
			throw this.declaration.invalid("'%s' must be %d or more, was %d".formatted(name, least, value),
					"Set '%s' to %d or more, or leave it out for the default of pubsub.redis.*.".formatted(name,
							least));
		}
		return value;
	}

	private void refuseBoth(String name, boolean value, boolean text) {
		if (value && text) {
			throw this.declaration.invalid("'%s' and '%sString' are both given".formatted(name, name),
					"Keep one of the two.");
		}
	}

	private String resolve(String name, String value) {
		try {
			String resolved = this.resolver.resolveStringValue(value);
			return (resolved != null) ? resolved : "";
		}
		catch (IllegalArgumentException | BeansException ex) {
			throw this.declaration.invalid(
					"'%s' cannot be resolved: \"%s\" (%s)".formatted(name, value,
							NestedExceptionUtils.getMostSpecificCause(ex).getMessage()),
					"Define what the placeholder or expression refers to, or give it a default: ${name:default}.", ex);
		}
	}

	private static String quote(String value, String resolved) {
		String quoted = "\"" + value + "\"";
		return value.equals(resolved) ? quoted : quoted + ", which is \"" + resolved + "\"";
	}

}
