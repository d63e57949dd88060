package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import org.springframework.util.Assert;

/**
 * Codec that writes and reads JSON with Jackson 3. Maps become flat fields, texts and
 * bytes stay as they are, everything else is JSON in one field. A type is what the reader
 * asks for: no class name is ever written or trusted. Thread-safe.
 *
 * @since 0.1.0
 */
public final class JacksonPayloadCodec implements PayloadCodec {

	private final PayloadWriter writer;

	private final PayloadReaders readers;

	private final ConcurrentMap<Type, PayloadReader> readerByType = new ConcurrentHashMap<>();

	/**
	 * Create a codec.
	 * @param mapper what to write and read JSON with; default typing is turned off in the
	 * copy that the codec uses, and unknown properties are ignored
	 */
	public JacksonPayloadCodec(JsonMapper mapper) {
		Assert.notNull(mapper, "'mapper' must not be null");
		JsonMapper safe = mapper.rebuild()
			.deactivateDefaultTyping()
			.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().build())
			.build();
		this.writer = new PayloadWriter(safe);
		this.readers = new PayloadReaders(safe);
	}

	/**
	 * Write a payload. Of a map, a value that is {@code null} is left out, as a reader
	 * finds {@code null} where a field is absent; a value whose JSON is a text, such as a
	 * date or an enum, is written as that text.
	 */
	@Override
	public EntryFields encode(Object payload) {
		return this.writer.write(payload);
	}

	/**
	 * Read a payload. A map or a text gets the flat fields without the reserved ones,
	 * unless the entry has a {@value EntryFormat#PAYLOAD} field of a known content type;
	 * {@link EntryFields} gets the entry as it is.
	 */
	@Override
	public Object decode(EntryFields fields, Type type) {
		PayloadReader reader = this.readerByType.get(type);
		if (reader == null) {
			reader = this.readers.readerFor(type);
			this.readerByType.put(type, reader);
		}
		return reader.read(fields);
	}

	/**
	 * Return a codec over a mapper with default settings.
	 * @return the codec
	 */
	public static JacksonPayloadCodec create() {
		return new JacksonPayloadCodec(JsonMapper.builder().findAndAddModules().build());
	}

}
