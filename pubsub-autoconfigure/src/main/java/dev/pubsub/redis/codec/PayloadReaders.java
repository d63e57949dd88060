package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.PayloadConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the reader of a type.
 */
final class PayloadReaders {

	private final JsonMapper json;

	PayloadReaders(JsonMapper json) {
		this.json = json;
	}

	PayloadReader readerFor(Type type) {
		if (type == EntryFields.class) {
			return (fields) -> fields;
		}
		JavaType wanted = this.json.constructType(type);
		if (wanted.hasRawClass(String.class) || wanted.hasRawClass(CharSequence.class)) {
			return (fields) -> new String(bytes(fields), StandardCharsets.UTF_8);
		}
		if (wanted.hasRawClass(byte[].class)) {
			return (fields) -> bytes(fields).clone();
		}
		if (wanted.hasRawClass(Object.class)) {
			return this::readNatural;
		}
		TypedReader typed = new TypedReader(wanted, reader(wanted), new FlatFields(this.json, wanted));
		return takesFlatTexts(wanted) ? (fields) -> hasJson(fields) ? typed.read(fields) : flatTexts(fields) : typed;
	}

	/**
	 * Return the payload, or where there is none the flat fields as a JSON object.
	 */
	private byte[] bytes(EntryFields fields) {
		byte[] payload = fields.get(EntryFormat.PAYLOAD);
		if (payload != null) {
			return payload;
		}
		try {
			return this.json.writeValueAsBytes(flatTexts(fields));
		}
		catch (JacksonException ex) {
			throw new PayloadConversionException("Cannot write the fields as JSON: " + Problem.of(ex));
		}
	}

	private Object readNatural(EntryFields fields) {
		byte[] payload = fields.get(EntryFormat.PAYLOAD);
		if (payload == null) {
			return flatTexts(fields);
		}
		return switch (ContentType.of(fields)) {
			case JSON -> TypedReader.read(reader(this.json.constructType(Object.class)), payload);
			case TEXT -> new String(payload, StandardCharsets.UTF_8);
			case BYTES -> payload.clone();
			case UNKNOWN -> flatTexts(fields);
		};
	}

	private ObjectReader reader(JavaType type) {
		return this.json.readerFor(type).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
	}

	private static boolean hasJson(EntryFields fields) {
		return fields.get(EntryFormat.PAYLOAD) != null && ContentType.of(fields) == ContentType.JSON;
	}

	/**
	 * Return whether a map of texts is an instance of the type.
	 */
	private static boolean takesFlatTexts(JavaType type) {
		return type.isMapLikeType() && type.getRawClass().isAssignableFrom(LinkedHashMap.class)
				&& type.getKeyType().getRawClass().isAssignableFrom(String.class)
				&& type.getContentType().getRawClass().isAssignableFrom(String.class);
	}

	private static Map<String, String> flatTexts(EntryFields fields) {
		Map<String, String> texts = new LinkedHashMap<>();
		fields.forEach((name, value) -> {
			String text = new String(name, StandardCharsets.UTF_8);
			if (!text.startsWith(EntryFormat.RESERVED_PREFIX)) {
				texts.putIfAbsent(text, new String(value, StandardCharsets.UTF_8));
			}
		});
		return texts;
	}

}
