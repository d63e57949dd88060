package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;

/**
 * The payload field of an entry, where it is the whole payload: the entry says of which
 * type it is, or it has no other field. Else it is one flat field among others.
 */
final class Content {

	private static final byte[] PAYLOAD = EntryFormat.PAYLOAD.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

	private final byte[] bytes;

	private final ContentType type;

	private Content(byte[] bytes, ContentType type) {
		this.bytes = bytes;
		this.type = type;
	}

	static @Nullable Content of(EntryFields fields) {
		byte[] payload = fields.get(EntryFormat.PAYLOAD);
		if (payload == null) {
			return null;
		}
		ContentType type = ContentType.of(fields);
		return (type != ContentType.UNDECLARED || isAlone(fields)) ? new Content(payload, type) : null;
	}

	/**
	 * Return the value of the field, not a copy.
	 */
	byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Return what the entry says that it is.
	 */
	ContentType type() {
		return this.type;
	}

	String text() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

	boolean isJson() {
		return this.type == ContentType.JSON;
	}

	/**
	 * Return whether to read it as JSON: a text that is declared as such is none,
	 * whatever it looks like.
	 */
	boolean isReadAsJson() {
		return switch (this.type) {
			case JSON -> true;
			case TEXT -> false;
			default -> startsWith('{', '[', '"');
		};
	}

	boolean isNull() {
		return this.type == ContentType.JSON && Arrays.equals(this.bytes, NULL);
	}

	/**
	 * Return whether its first character is one of those given.
	 */
	boolean startsWith(char... characters) {
		for (byte first : this.bytes) {
			if (first > ' ' || first < 0) {
				for (char character : characters) {
					if (first == character) {
						return true;
					}
				}
				return false;
			}
		}
		return false;
	}

	private static boolean isAlone(EntryFields fields) {
		boolean[] alone = { true };
		fields.forEach((name, value) -> {
			if (alone[0] && !isReserved(name) && !Arrays.equals(name, PAYLOAD)) {
				alone[0] = false;
			}
		});
		return alone[0];
	}

	private static boolean isReserved(byte[] name) {
		return name.length > 1 && name[0] == '_' && name[1] == '_';
	}

}
