package dev.pubsub.redis.console.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A response as both web stacks can give it.
 */
public final class ConsoleResponse {

	private final HttpStatus status;

	private final HttpHeaders headers;

	private final byte[] body;

	ConsoleResponse(HttpStatus status, HttpHeaders headers, byte[] body) {
		this.status = status;
		this.headers = headers;
		this.body = body;
	}

	static ConsoleResponse empty(HttpStatus status) {
		return new ConsoleResponse(status, new HttpHeaders(), new byte[0]);
	}

	public HttpStatus status() {
		return this.status;
	}

	public HttpHeaders headers() {
		return this.headers;
	}

	/**
	 * Return the body.
	 * @return the array itself, empty without a body; not to be changed
	 */
	public byte[] body() {
		return this.body;
	}

	@Override
	public String toString() {
		return this.status + " with " + this.body.length + " bytes";
	}

}
