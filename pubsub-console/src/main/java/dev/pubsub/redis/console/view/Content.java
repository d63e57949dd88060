package dev.pubsub.redis.console.view;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;

/**
 * Shows the fields of an entry: names and sizes always, values where that is allowed.
 */
final class Content {

	/** Says who published, when and how, and nothing of what is in a message. */
	private static final Set<String> HARMLESS = Set.of(EntryFormat.PUBLISH_TIME, EntryFormat.SOURCE,
			EntryFormat.CONTENT_TYPE);

	private static final int MOST_FIELDS = 100;

	private final boolean payloads;

	private final int mostBytes;

	private Content(boolean payloads, int mostBytes) {
		this.payloads = payloads;
		this.mostBytes = mostBytes;
	}

	/**
	 * Return what shows the beginning of values.
	 * @param payloads whether values may be shown
	 */
	static Content brief(boolean payloads) {
		return new Content(payloads, 200);
	}

	/**
	 * Return what shows values as a whole, unless they are very long.
	 * @param payloads whether values may be shown
	 */
	static Content full(boolean payloads) {
		return new Content(payloads, 256 * 1024);
	}

	List<Field> fields(EntryFields fields) {
		List<Field> shown = new ArrayList<>();
		fields.forEach((name, value) -> {
			String text = new String(name, StandardCharsets.UTF_8);
			if (shown.size() < MOST_FIELDS && !text.startsWith(EntryFormat.DEAD_LETTER_PREFIX)) {
				shown.add(field(text, value));
			}
		});
		return shown;
	}

	private Field field(String name, byte[] value) {
		if (!this.payloads && !HARMLESS.contains(name)) {
			return new Field(name, value.length, null, false, false);
		}
		boolean cut = value.length > this.mostBytes;
		String text = text(value, this.mostBytes);
		return (text != null) ? new Field(name, value.length, text, false, cut) : new Field(name, value.length,
				HexFormat.of().formatHex(value, 0, Math.min(value.length, 512)), true, value.length > 512);
	}

	/**
	 * Return a text that is cut between two characters.
	 */
	private static @Nullable String text(byte[] value, int most) {
		int length = Math.min(value.length, most);
		while (length < value.length && length > 0 && (value[length] & 0xC0) == 0x80) {
			length--;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder()
				.onMalformedInput(CodingErrorAction.REPORT)
				.onUnmappableCharacter(CodingErrorAction.REPORT)
				.decode(ByteBuffer.wrap(value, 0, length))
				.toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	/**
	 * A field of an entry.
	 *
	 * @param name its name
	 * @param bytes size of its value
	 * @param text its value, {@code null} where it is not shown
	 * @param binary whether the text is hexadecimal
	 * @param cut whether the text is only the beginning
	 */
	record Field(String name, int bytes, @Nullable String text, boolean binary, boolean cut) {

	}

}
