package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;

/**
 * What the payload field holds.
 */
enum ContentType {

	JSON("application/json"),

	TEXT("text/plain"),

	BYTES("application/octet-stream"),

	/**
	 * The entry says something that is not known here.
	 */
	UNKNOWN(""),

	/**
	 * The entry does not say.
	 */
	UNDECLARED("");

	private static final byte[] JSON_BYTES = JSON.bytes();

	private final String text;

	ContentType(String text) {
		this.text = text;
	}

	byte[] bytes() {
		return this.text.getBytes(StandardCharsets.US_ASCII);
	}

	static ContentType of(EntryFields fields) {
		byte[] written = fields.get(EntryFormat.CONTENT_TYPE);
		if (written == null) {
			return UNDECLARED;
		}
		if (Arrays.equals(written, JSON_BYTES)) {
			return JSON;
		}
		return of(new String(written, StandardCharsets.UTF_8).trim().toLowerCase(Locale.ROOT));
	}

	private static ContentType of(String written) {
		for (ContentType type : values()) {
			if (!type.text.isEmpty() && written.startsWith(type.text)) {
				return type;
			}
		}
		return written.contains("+json") ? JSON : UNKNOWN;
	}

}
