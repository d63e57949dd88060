package dev.pubsub.redis;

/**
 * Thrown when no payload can be read as a type, whatever it holds: an interface, or a
 * class that nobody can construct. A listener that takes such a type fails the start.
 *
 * @since 0.1.0
 */
public class UnreadableTypeException extends PayloadConversionException {

	public UnreadableTypeException(String message) {
		super(message);
	}

}
