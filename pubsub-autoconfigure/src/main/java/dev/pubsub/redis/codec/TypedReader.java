package dev.pubsub.redis.codec;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.MissingPayloadException;
import dev.pubsub.redis.PayloadConversionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads a type by JSON: the payload field if that is the whole payload, else the flat
 * fields.
 */
final class TypedReader implements PayloadReader {

	private final ObjectReader reader;

	private final FlatFields flatFields;

	TypedReader(ObjectReader reader, FlatFields flatFields) {
		this.reader = reader;
		this.flatFields = flatFields;
	}

	@Override
	public Object read(EntryFields fields) {
		Content content = Content.of(fields);
		if (content == null) {
			return readFlat(fields);
		}
		return content.isReadAsJson() ? readJson(content) : readText(content);
	}

	Object readJson(Content content) {
		try {
			return required(this.reader.readValue(content.bytes()));
		}
		catch (JacksonException ex) {
			throw notReadable(ex);
		}
	}

	Object readFlat(EntryFields fields) {
		try (JsonParser parser = this.flatFields.parse(fields)) {
			return required(this.reader.readValue(parser));
		}
		catch (JacksonException ex) {
			throw notReadable(ex);
		}
	}

	/**
	 * Read a text. If the type cannot be made of a text, the text may be JSON that the
	 * application wrote by itself.
	 */
	private Object readText(Content content) {
		try {
			return required(this.reader.readValue(JsonNodeFactory.instance.stringNode(content.text())));
		}
		catch (JacksonException ex) {
			if (content.bytes().length == 0) {
				throw new MissingPayloadException("The payload is empty");
			}
			if (content.startsWith('{', '[')) {
				return readJson(content);
			}
			throw notReadable(ex);
		}
	}

	private static Object required(@Nullable Object value) {
		if (value == null) {
			throw new MissingPayloadException("The payload is null");
		}
		return value;
	}

	private PayloadConversionException notReadable(JacksonException ex) {
		return Problem.notReadable(this.reader.getValueType(), ex);
	}

}
