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
 * absent is empty, and a number, a time or an id that cannot be read is zero. Immutable.
 *
 * @since 0.1.0
 */
public final class DeadLetter {

	private static final Pattern ID = Pattern.compile("\\d{1,20}-\\d{1,20}");

	private final RecordId id;

	private final EntryFields fields;

	private DeadLetter(RecordId id, EntryFields fields) {
		this.id = id;
		this.fields = fields;
	}

	/**
	 * Return what an entry of a dead-letter stream tells.
	 * @param entry the entry
	 * @return the dead letter
	 */
	public static DeadLetter of(StoredMessage entry) {
		return new DeadLetter(entry.id(), entry.fields());
	}

	/**
	 * Return its id in the dead-letter stream.
	 * @return id of the entry
	 */
	public RecordId id() {
		return this.id;
	}

	/**
	 * Return the stream that the message came from.
	 * @return name of the stream
	 */
	public String stream() {
		return text(DeadLetterFormat.STREAM);
	}

	/**
	 * Return the id that the message had in its stream.
	 * @return the id
	 */
	public RecordId originalId() {
		String original = text(DeadLetterFormat.ID);
		return RecordId.of(ID.matcher(original).matches() ? original : "0-0");
	}

	/**
	 * Return the group that gave the message up.
	 * @return name of the group
	 */
	public String group() {
		return text(DeadLetterFormat.GROUP);
	}

	/**
	 * Return the consumer that gave the message up.
	 * @return name of the consumer
	 */
	public String consumer() {
		return text(DeadLetterFormat.CONSUMER);
	}

	/**
	 * Return how often the message was attempted.
	 * @return the number of attempts
	 */
	public int attempts() {
		return (int) number(DeadLetterFormat.ATTEMPTS);
	}

	/**
	 * Return why the message was given up.
	 * @return the reason, see {@link DeadLetterFormat#REASON}
	 */
	public String reason() {
		return text(DeadLetterFormat.REASON);
	}

	/**
	 * Return the class of the last failure.
	 * @return name of the class, {@code null} where it is unknown
	 */
	public @Nullable String exception() {
		return this.fields.getText(DeadLetterFormat.EXCEPTION);
	}

	/**
	 * Return what the last failure said, or why the handler rejected the message.
	 * @return the text, {@code null} where it is unknown, see
	 * {@link DeadLetterFormat#MESSAGE}
	 */
	public @Nullable String message() {
		return this.fields.getText(DeadLetterFormat.MESSAGE);
	}

	/**
	 * Return when the message was given up.
	 * @return the time
	 */
	public Instant time() {
		return Instant.ofEpochMilli(number(DeadLetterFormat.TIME));
	}

	/**
	 * Return all fields of the entry: those of the message and those that were added.
	 * @return the fields
	 */
	public EntryFields fields() {
		return this.fields;
	}

	/**
	 * Return whether there is a message in it that can be published again.
	 * @return whether it has other fields than those of dead letters
	 */
	public boolean hasMessage() {
		return this.fields.asMap()
			.keySet()
			.stream()
			.anyMatch((name) -> !name.startsWith(EntryFormat.DEAD_LETTER_PREFIX));
	}

	private String text(String name) {
		String text = this.fields.getText(name);
		return (text != null) ? text : "";
	}

	private long number(String name) {
		try {
			return Long.parseLong(text(name));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Return what identifies the dead letter, without the message.
	 */
	@Override
	public String toString() {
		return "DeadLetter[" + this.id + ", " + stream() + " " + originalId() + ", group " + group() + ", " + reason()
				+ "]";
	}

}
