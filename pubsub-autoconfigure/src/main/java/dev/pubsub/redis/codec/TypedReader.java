package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.UnreadableTypeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads a type by JSON: the payload field if there is one, else the flat fields.
 */
final class TypedReader implements PayloadReader {

	private final JavaType type;

	private final ObjectReader reader;

	private final FlatFields flatFields;

	TypedReader(JavaType type, ObjectReader reader, FlatFields flatFields) {
		this.type = type;
		this.reader = reader;
		this.flatFields = flatFields;
	}

	@Override
	public Object read(EntryFields fields) {
		byte[] payload = fields.get(EntryFormat.PAYLOAD);
		if (payload == null) {
			return readFlat(fields);
		}
		if (ContentType.of(fields) == ContentType.JSON || looksLikeJson(payload)) {
			return read(this.reader, payload);
		}
		return readText(new String(payload, StandardCharsets.UTF_8));
	}

	static Object read(ObjectReader reader, byte[] json) {
		Object value;
		try {
			value = reader.readValue(json);
		}
		catch (JacksonException ex) {
			throw notReadable(reader.getValueType(), ex);
		}
		return required(value);
	}

	private Object readFlat(EntryFields fields) {
		try {
			return required(this.reader.readValue(this.flatFields.toTree(fields)));
		}
		catch (JacksonException ex) {
			throw notReadable(this.type, ex);
		}
	}

	private Object readText(String text) {
		try {
			return required(this.reader.readValue(JsonNodeFactory.instance.stringNode(text)));
		}
		catch (JacksonException ex) {
			throw notReadable(this.type, ex);
		}
	}

	private static Object required(Object value) {
		if (value == null) {
			throw new PayloadConversionException("The payload is null");
		}
		return value;
	}

	private static PayloadConversionException notReadable(JavaType type, JacksonException ex) {
		String message = "Cannot read the entry as " + type.toCanonical() + ": " + Problem.of(ex);
		return (ex instanceof InvalidDefinitionException) ? new UnreadableTypeException(message)
				: new PayloadConversionException(message);
	}

	static boolean looksLikeJson(byte[] bytes) {
		for (byte character : bytes) {
			if (character > ' ') {
				return character == '{' || character == '[' || character == '"';
			}
		}
		return false;
	}

}
