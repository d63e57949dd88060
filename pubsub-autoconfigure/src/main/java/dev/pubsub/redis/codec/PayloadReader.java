package dev.pubsub.redis.codec;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;

/**
 * Reads entries as one type. Thread-safe.
 */
@FunctionalInterface
interface PayloadReader {

	/**
	 * Read a payload.
	 * @throws PayloadConversionException if the fields cannot be read
	 */
	Object read(EntryFields fields);

}
