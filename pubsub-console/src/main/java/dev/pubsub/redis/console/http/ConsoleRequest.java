package dev.pubsub.redis.console.http;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * A request as both web stacks can tell it.
 *
 * @param method the method
 * @param path the rest of the path after that of the console: empty, or beginning with a
 * slash
 * @param uri the whole URI as the server understands it, behind a proxy with the proxy's
 * host where the application is configured so
 * @param parameters the first value of each query parameter
 * @param headers the headers
 * @param body the body, empty without one
 * @param user who sends it, as far as that is known
 * @param csrfToken returns the token that Spring Security wants to see, {@code null}
 * where it wants none; may begin a session
 */
public record ConsoleRequest(HttpMethod method, String path, URI uri, Map<String, String> parameters,
		HttpHeaders headers, String body, String user, Supplier<@Nullable CsrfToken> csrfToken) {

	/**
	 * Most bytes of a body that are read; the page sends much less.
	 */
	public static final int MOST_BODY = 64 * 1024;

	/**
	 * The user where nobody has to log in.
	 */
	public static final String ANYBODY = "somebody";

	/**
	 * Return what was asked for, without values.
	 */
	@Override
	public String toString() {
		return this.method + " " + this.path;
	}

	/**
	 * A token against forged requests.
	 *
	 * @param header name of the header that takes it
	 * @param value the token
	 */
	public record CsrfToken(String header, String value) {

	}

}
