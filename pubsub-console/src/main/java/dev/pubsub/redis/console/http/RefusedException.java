package dev.pubsub.redis.console.http;

import dev.pubsub.redis.PubSubException;

import org.springframework.http.HttpStatus;

/**
 * Thrown when a request is not carried out. The message tells the user why.
 */
public class RefusedException extends PubSubException {

	private final transient HttpStatus status;

	private RefusedException(HttpStatus status, String message) {
		super(message, null);
		this.status = status;
	}

	/**
	 * Return an exception for input that makes no sense.
	 * @param message why, in a sentence
	 * @return the exception, status 400
	 */
	public static RefusedException badRequest(String message) {
		return new RefusedException(HttpStatus.BAD_REQUEST, message);
	}

	/**
	 * Return an exception for something that is not there.
	 * @param message what there is not, in a sentence
	 * @return the exception, status 404
	 */
	public static RefusedException notFound(String message) {
		return new RefusedException(HttpStatus.NOT_FOUND, message);
	}

	/**
	 * Return an exception for what the state of things does not allow.
	 * @param message why, in a sentence
	 * @return the exception, status 409
	 */
	public static RefusedException conflict(String message) {
		return new RefusedException(HttpStatus.CONFLICT, message);
	}

	static RefusedException of(HttpStatus status, String message) {
		return new RefusedException(status, message);
	}

	HttpStatus status() {
		return this.status;
	}

}
