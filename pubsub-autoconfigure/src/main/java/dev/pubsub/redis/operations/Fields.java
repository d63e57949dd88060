package dev.pubsub.redis.operations;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;

/**
 * Writes fields of entries as text.
 */
final class Fields {

	private Fields() {
	}

	static long bytes(EntryFields fields) {
		long[] bytes = new long[1];
		fields.forEach((name, value) -> bytes[0] += name.length + value.length);
		return bytes[0];
	}

	/**
	 * Return the fields without those that dead-lettering added.
	 */
	static List<FieldStatus> of(EntryFields fields) {
		List<FieldStatus> all = new ArrayList<>();
		fields.forEach((name, value) -> {
			String text = new String(name, StandardCharsets.UTF_8);
			if (!text.startsWith(EntryFormat.DEAD_LETTER_PREFIX)) {
				all.add(of(text, value));
			}
		});
		return all;
	}

	private static FieldStatus of(String name, byte[] value) {
		byte[] shown = (value.length > FieldStatus.MOST_BYTES) ? Arrays.copyOf(value, FieldStatus.MOST_BYTES) : value;
		try {
			ByteBuffer bytes = ByteBuffer.wrap(value, 0, wholeCharacters(value, shown.length));
			String text = StandardCharsets.UTF_8.newDecoder()
				.onMalformedInput(CodingErrorAction.REPORT)
				.decode(bytes)
				.toString();
			return new FieldStatus(name, text, "text", value.length);
		}
		catch (CharacterCodingException ex) {
			return new FieldStatus(name, Base64.getEncoder().encodeToString(shown), "base64", value.length);
		}
	}

	/**
	 * Return where to cut so that no character of UTF-8 is cut in two.
	 */
	private static int wholeCharacters(byte[] value, int length) {
		int end = length;
		while (end > 0 && end < value.length && (value[end] & 0xC0) == 0x80) {
			end--;
		}
		return end;
	}

}
