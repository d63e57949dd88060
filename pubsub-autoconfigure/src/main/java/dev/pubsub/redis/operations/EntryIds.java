package dev.pubsub.redis.operations;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.internal.SafeText;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Reads ids of entries that people type.
 *
 * @since 0.1.0
 */
public final class EntryIds {

	private static final Pattern ID = Pattern.compile("\\d{1,20}-\\d{1,20}");

	private static final Pattern MILLIS = Pattern.compile("\\d{1,18}");

	private EntryIds() {
	}

	/**
	 * Read a range.
	 * @param from an id, a time such as {@code 2026-01-01T00:00:00Z} or milliseconds
	 * since 1970, included; {@code null} or empty for the first entry
	 * @param to the same, included; {@code null} or empty for the last entry
	 * @return the range
	 * @throws OperationException if they cannot be read
	 */
	public static IdRange range(@Nullable String from, @Nullable String to) {
		IdRange range = IdRange.all();
		if (from != null && !from.isBlank()) {
			range = isId(from) ? range.withFrom(parse("from", from)) : range.withFrom(time("from", from));
		}
		if (to != null && !to.isBlank()) {
			range = isId(to) ? range.withTo(parse("to", to)) : range.withTo(time("to", to));
		}
		return range;
	}

	/**
	 * Read an id.
	 * @param name what it is for, for the message of the exception
	 * @param id the id, such as {@code 1767225600000-0}
	 * @return the id
	 * @throws OperationException if it is none
	 */
	public static RecordId parse(String name, String id) {
		if (isId(id)) {
			String[] parts = id.split("-");
			try {
				Long.parseUnsignedLong(parts[0]);
				Long.parseUnsignedLong(parts[1]);
				return RecordId.of(id);
			}
			catch (NumberFormatException ex) {
				// Larger than ids can be.
			}
		}
		throw OperationException.invalid("'%s' must be the id of an entry, such as 1767225600000-0, was \"%s\""
			.formatted(name, SafeText.of(id)));
	}

	private static boolean isId(String text) {
		return ID.matcher(text).matches();
	}

	private static Instant time(String name, String text) {
		try {
			return MILLIS.matcher(text).matches() ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
		}
		catch (DateTimeParseException ex) {
			throw OperationException
				.invalid("'%s' must be the id of an entry or a time, such as 1767225600000-0 or ".formatted(name)
						+ "2026-01-01T00:00:00Z, was \"" + SafeText.of(text) + "\"");
		}
	}

}
