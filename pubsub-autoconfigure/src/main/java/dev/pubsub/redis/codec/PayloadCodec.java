package dev.pubsub.redis.codec;

import java.lang.reflect.Type;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.MissingPayloadException;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.UnreadableTypeException;

/**
 * Writes payloads as the fields of an entry and reads them back. Implementations are
 * thread-safe, and never choose a class by what a message says.
 *
 * @since 0.1.0
 */
public interface PayloadCodec {

	/**
	 * Write a payload. The fields may be sent after this method has returned, so they
	 * must not share arrays with a payload that the caller can change.
	 * @param payload what to write
	 * @return the fields, without the reserved ones that a producer adds
	 * @throws PayloadConversionException if the payload cannot be written
	 */
	EntryFields encode(Object payload);

	/**
	 * Read a payload. At start it is also called for each type that a listener takes,
	 * with no fields, to find out whether the type can be read at all.
	 * @param fields all fields of the entry
	 * @param type the wanted type
	 * @return the payload, an instance of that type
	 * @throws PayloadConversionException if the fields cannot be read as that type
	 * @throws MissingPayloadException if the payload is {@code null} or empty
	 * @throws UnreadableTypeException if no fields can; only this one fails the start
	 */
	Object decode(EntryFields fields, Type type);

}
