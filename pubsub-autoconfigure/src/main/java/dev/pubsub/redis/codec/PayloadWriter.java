package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.PayloadConversionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes payloads as fields.
 */
final class PayloadWriter {

	private static final byte[] PAYLOAD = utf8(EntryFormat.PAYLOAD);

	private static final byte[] CONTENT_TYPE = utf8(EntryFormat.CONTENT_TYPE);

	private static final byte[] NULL = utf8("null");

	private final JsonMapper json;

	PayloadWriter(JsonMapper json) {
		this.json = json;
	}

	EntryFields write(@Nullable Object payload) {
		if (payload == null) {
			throw new PayloadConversionException("A payload must not be null");
		}
		if (payload instanceof Map<?, ?> map) {
			return writeMap(map);
		}
		if (payload instanceof CharSequence text) {
			return single(utf8(text.toString()), ContentType.TEXT);
		}
		if (payload instanceof byte[] bytes) {
			return single(bytes.clone(), ContentType.BYTES);
		}
		if (payload instanceof EntryFields fields) {
			return copy(fields);
		}
		byte[] written = writeJson(payload);
		if (Arrays.equals(written, NULL)) {
			throw new PayloadConversionException("A payload must not be null, but the JSON of this "
					+ payload.getClass().getName() + " is: nothing could be read from it");
		}
		return single(written, ContentType.JSON);
	}

	/**
	 * Copy the arrays too: what is encoded may be sent later.
	 */
	private static EntryFields copy(EntryFields fields) {
		EntryFields.Builder copy = EntryFields.builder();
		fields.forEach((name, value) -> {
			refuseReserved(new String(name, StandardCharsets.UTF_8));
			copy.add(name.clone(), value.clone());
		});
		return copy.build();
	}

	private EntryFields writeMap(Map<?, ?> map) {
		EntryFields.Builder fields = EntryFields.builder();
		map.forEach((key, value) -> {
			if (key == null) {
				throw new PayloadConversionException("A payload map must not have a null key");
			}
			String name = key.toString();
			refuseReserved(name);
			byte[] written = (value != null) ? writeValue(value) : null;
			if (written != null) {
				fields.add(name, written);
			}
		});
		return fields.build();
	}

	/**
	 * Write a value of a map: what is a text in JSON as that text. Nothing for what is
	 * {@code null} in JSON, such as an empty {@link java.util.Optional}.
	 */
	private byte @Nullable [] writeValue(Object value) {
		if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
			return utf8(value.toString());
		}
		byte[] written = writeJson(value);
		if (Arrays.equals(written, NULL)) {
			return null;
		}
		return (written.length > 0 && written[0] == '"') ? unquote(value, written) : written;
	}

	private byte[] unquote(Object value, byte[] written) {
		try {
			return utf8(this.json.readTree(written).stringValue());
		}
		catch (JacksonException ex) {
			throw notWritable(value, ex);
		}
	}

	private byte[] writeJson(Object value) {
		try {
			return this.json.writeValueAsBytes(value);
		}
		catch (JacksonException ex) {
			throw notWritable(value, ex);
		}
	}

	private static PayloadConversionException notWritable(Object value, JacksonException ex) {
		return new PayloadConversionException(
				"Cannot write a " + value.getClass().getName() + " as JSON: " + Problem.of(ex));
	}

	private static void refuseReserved(String name) {
		if (name.startsWith(EntryFormat.RESERVED_PREFIX)) {
			throw new PayloadConversionException(
					"A payload must not have the key \"" + name + "\": names that start with \""
							+ EntryFormat.RESERVED_PREFIX + "\" are reserved, give headers in the publish options");
		}
	}

	private static EntryFields single(byte[] value, ContentType contentType) {
		return EntryFields.of(PAYLOAD, value, CONTENT_TYPE, contentType.bytes());
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
