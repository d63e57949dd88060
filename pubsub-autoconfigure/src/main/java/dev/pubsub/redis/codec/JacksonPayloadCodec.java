package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

/**
 * Codec that writes and reads JSON with Jackson 3. Maps become flat fields, texts and
 * bytes stay as they are, everything else is JSON in one field. A type is what the reader
 * asks for: no class name is ever written or trusted. Thread-safe.
 *
 * @since 0.1.0
 */
public final class JacksonPayloadCodec implements PayloadCodec {

	private final SingletonSupplier<JsonMapper> mapper;

	private final SingletonSupplier<PayloadWriter> writer;

	private final ConcurrentMap<Type, PayloadReader> readerByType = new ConcurrentHashMap<>();

	/**
	 * Create a codec.
	 * @param mapper what to write and read JSON with; in the copy that the codec uses
	 * default typing is turned off, types that are to be named by their class are
	 * refused, and unknown properties are ignored
	 */
	public JacksonPayloadCodec(JsonMapper mapper) {
		this(() -> mapper);
		Assert.notNull(mapper, "'mapper' must not be null");
	}

	private JacksonPayloadCodec(Supplier<JsonMapper> mapper) {
		this.mapper = SingletonSupplier.of(() -> safe(mapper.get()));
		this.writer = SingletonSupplier.of(() -> new PayloadWriter(this.mapper.obtain()));
	}

	/**
	 * Write a payload, of which nothing is kept: it may be changed and published again.
	 * Of a map, a value that is {@code null} or an empty {@link java.util.Optional} is
	 * left out, as a reader finds {@code null} where a field is absent; a value whose
	 * JSON is a text, such as a date, an enum or bytes (Base64), is written as that text.
	 */
	@Override
	public EntryFields encode(Object payload) {
		return this.writer.obtain().write(payload);
	}

	/**
	 * Read a payload: the {@value EntryFormat#PAYLOAD} field if the entry declares its
	 * content type or has no other field, else the flat fields without the reserved ones.
	 * What was written is read as it was: a text that declares {@code text/plain} is not
	 * JSON, and a JSON string read as {@link String} loses its quotes.
	 * {@link EntryFields} gets the entry as it is.
	 */
	@Override
	public Object decode(EntryFields fields, Type type) {
		PayloadReader reader = this.readerByType.get(type);
		if (reader == null) {
			reader = new PayloadReaders(this.mapper.obtain()).readerFor(type);
			this.readerByType.put(type, reader);
		}
		return reader.read(fields);
	}

	/**
	 * Return a codec over a mapper with default settings, which is made when it is first
	 * needed.
	 * @return the codec
	 */
	public static JacksonPayloadCodec create() {
		return new JacksonPayloadCodec(() -> JsonMapper.builder().findAndAddModules().build());
	}

	private static JsonMapper safe(JsonMapper mapper) {
		return mapper.rebuild().addModule(new OneTimeSources()).addModule(new NamedClasses()).build();
	}

}
