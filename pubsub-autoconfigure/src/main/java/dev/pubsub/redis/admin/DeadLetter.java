package dev.pubsub.redis.admin;

import java.time.Instant;
import java.util.regex.Pattern;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A message that was given up. Where another program wrote the entry, a text that is
 * absent is empty, and a number, a time or an id that cannot be read is zero.
 *
 * @param id id of the entry in the dead-letter stream
 * @param stream stream it came from
 * @param originalId id it had there
 * @param group group that gave it up
 * @param consumer consumer that gave it up
 * @param attempts how often it was attempted
 * @param reason why it was given up, see {@link DeadLetterFormat#REASON}
 * @param exception class of the last failure, where it is known
 * @param message what the last failure said, or why the handler rejected the message,
 * where it is known, see {@link DeadLetterFormat#MESSAGE}
 * @param time when it was given up
 * @param fields all fields of the entry: those of the message and those that were added
 * @since 0.1.0
 */
public record DeadLetter(RecordId id, String stream, RecordId originalId, String group, String consumer, int attempts,
		String reason, @Nullable String exception, @Nullable String message, Instant time, EntryFields fields) {

	private static final Pattern ID = Pattern.compile("\\d{1,20}-\\d{1,20}");

	static DeadLetter of(StoredMessage entry) {
		EntryFields fields = entry.fields();
		return new DeadLetter(entry.id(), text(fields, DeadLetterFormat.STREAM), RecordId.of(id(fields)),
				text(fields, DeadLetterFormat.GROUP), text(fields, DeadLetterFormat.CONSUMER),
				(int) number(fields, DeadLetterFormat.ATTEMPTS), text(fields, DeadLetterFormat.REASON),
				fields.getText(DeadLetterFormat.EXCEPTION), fields.getText(DeadLetterFormat.MESSAGE),
				Instant.ofEpochMilli(number(fields, DeadLetterFormat.TIME)), fields);
	}

	/**
	 * Return whether there is a message in the letter that can be published again.
	 */
	static boolean hasMessage(StoredMessage entry) {
		return entry.fields()
			.asMap()
			.keySet()
			.stream()
			.anyMatch((name) -> !name.startsWith(EntryFormat.DEAD_LETTER_PREFIX));
	}

	private static String id(EntryFields fields) {
		String id = text(fields, DeadLetterFormat.ID);
		return ID.matcher(id).matches() ? id : "0-0";
	}

	private static String text(EntryFields fields, String name) {
		String text = fields.getText(name);
		return (text != null) ? text : "";
	}

	private static long number(EntryFields fields, String name) {
		try {
			return Long.parseLong(text(fields, name));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
