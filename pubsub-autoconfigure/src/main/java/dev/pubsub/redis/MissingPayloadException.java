package dev.pubsub.redis;

/**
 * Thrown when an entry says that its payload is {@code null}, or has an empty one that
 * the wanted type cannot be. A listener whose payload is optional is called without it.
 *
 * @since 0.1.0
 */
public class MissingPayloadException extends PayloadConversionException {

	public MissingPayloadException(String message) {
		super(message);
	}

}
