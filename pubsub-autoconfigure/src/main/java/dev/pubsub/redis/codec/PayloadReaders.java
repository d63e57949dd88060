package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.MissingPayloadException;
import dev.pubsub.redis.PayloadConversionException;
import org.jspecify.annotations.Nullable;
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
		try {
			return readerFor(wanted);
		}
		catch (JacksonException ex) {
			throw Problem.notReadable(wanted, ex);
		}
	}

	private PayloadReader readerFor(JavaType wanted) {
		if (wanted.hasRawClass(String.class) || wanted.hasRawClass(CharSequence.class)) {
			return this::readText;
		}
		if (wanted.hasRawClass(byte[].class)) {
			return (fields) -> bytes(fields, Content.of(fields));
		}
		if (wanted.hasRawClass(Object.class)) {
			return natural();
		}
		if (isMapFor(wanted, String.class)) {
			boolean anything = wanted.getContentType().hasRawClass(Object.class);
			return new MapReader(
					anything ? typed(this.json, wanted) : typed(JsonTexts.in(this.json), mapOf(String.class)),
					anything);
		}
		boolean texts = wanted.isMapLikeType() && wanted.getContentType().hasRawClass(String.class);
		TypedReader typed = typed(texts ? JsonTexts.in(this.json) : this.json, wanted);
		return wanted.hasRawClass(ByteBuffer.class) ? buffer(typed) : typed;
	}

	private String readText(EntryFields fields) {
		Content content = Content.of(fields);
		if (content == null) {
			return new String(bytes(fields, null), StandardCharsets.UTF_8);
		}
		if (content.isNull()) {
			throw new MissingPayloadException("The payload is null");
		}
		return (content.isJson() && content.startsWith('"')) ? readJsonText(content) : content.text();
	}

	/**
	 * Return the text of a JSON string, such as a date or an enum: what it was before it
	 * was written.
	 */
	private String readJsonText(Content content) {
		JavaType text = this.json.constructType(String.class);
		try {
			return this.json.readValue(content.bytes(), text);
		}
		catch (JacksonException ex) {
			throw Problem.notReadable(text, ex);
		}
	}

	/**
	 * Return the payload, or where there is none the flat fields as a JSON object.
	 */
	private byte[] bytes(EntryFields fields, @Nullable Content content) {
		if (content != null) {
			return content.bytes().clone();
		}
		try {
			return this.json.writeValueAsBytes(MapReader.texts(fields));
		}
		catch (JacksonException ex) {
			throw new PayloadConversionException("Cannot write the fields as JSON: " + Problem.of(ex));
		}
	}

	private PayloadReader natural() {
		TypedReader anything = typed(this.json, this.json.constructType(Object.class));
		PayloadReader map = readerFor(mapOf(Object.class));
		return (fields) -> {
			Content content = Content.of(fields);
			if (content == null) {
				return map.read(fields);
			}
			return switch (content.type()) {
				case JSON -> anything.readJson(content);
				case TEXT -> content.text();
				case BYTES -> content.bytes().clone();
				case UNKNOWN, UNDECLARED -> map.read(fields);
			};
		};
	}

	private static PayloadReader buffer(TypedReader typed) {
		return (fields) -> {
			Content content = Content.of(fields);
			return (content != null && content.type() == ContentType.BYTES) ? ByteBuffer.wrap(content.bytes().clone())
					: typed.read(fields);
		};
	}

	private TypedReader typed(JsonMapper json, JavaType type) {
		ObjectReader reader = json.readerFor(type).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
		return new TypedReader(reader, new FlatFields(json, type));
	}

	private JavaType mapOf(Class<?> value) {
		return this.json.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, value);
	}

	/**
	 * Return whether a map of such values is an instance of the type.
	 */
	private static boolean isMapFor(JavaType type, Class<?> value) {
		return type.isMapLikeType() && type.getRawClass().isAssignableFrom(LinkedHashMap.class)
				&& type.getKeyType().getRawClass().isAssignableFrom(String.class)
				&& type.getContentType().getRawClass().isAssignableFrom(value);
	}

}
