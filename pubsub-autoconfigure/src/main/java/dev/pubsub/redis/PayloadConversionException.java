package dev.pubsub.redis;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a payload cannot be written as the fields of an entry, or the fields of an
 * entry cannot be read as the wanted type. A message that cannot be read is dead-lettered
 * at its first delivery, since another attempt would end the same way.
 *
 * @since 0.1.0
 */
public class PayloadConversionException extends PubSubException {

	public PayloadConversionException(String message) {
		super(message);
	}

	public PayloadConversionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
