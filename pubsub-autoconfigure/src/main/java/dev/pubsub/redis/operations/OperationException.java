package dev.pubsub.redis.operations;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when something was not done. Its message is a sentence for people.
 *
 * @since 0.1.0
 */
public class OperationException extends PubSubException {

	private final Kind kind;

	/**
	 * Create an exception.
	 * @param kind what is wrong
	 * @param message a sentence for people
	 * @param cause what led to it, if anything
	 */
	public OperationException(Kind kind, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.kind = kind;
	}

	static OperationException invalid(String message) {
		return new OperationException(Kind.INVALID, message, null);
	}

	static OperationException unknown(String message) {
		return new OperationException(Kind.UNKNOWN, message, null);
	}

	static OperationException conflict(String message) {
		return new OperationException(Kind.CONFLICT, message, null);
	}

	public Kind getKind() {
		return this.kind;
	}

	/**
	 * What is wrong.
	 */
	public enum Kind {

		/** The input is none. In HTTP that is 400. */
		INVALID,

		/** There is no such thing. In HTTP that is 404. */
		UNKNOWN,

		/** It is in a state that forbids it. In HTTP that is 409. */
		CONFLICT,

		/**
		 * Redis refuses or does not answer: whether it was done is unknown in the latter
		 * case. In HTTP that is 503.
		 */
		UNAVAILABLE

	}

}
