package dev.pubsub.redis.console.web;

import java.util.Map;

import org.springframework.util.Assert;

/**
 * Where the console is, without the context path.
 */
public final class ConsolePath {

	private final String value;

	private ConsolePath(String value) {
		this.value = value;
	}

	/**
	 * Return a path.
	 * @param text the path, beginning with a slash; one at its end is ignored
	 * @return the path
	 */
	public static ConsolePath of(String text) {
		Assert.isTrue(text.matches("(?:/[A-Za-z0-9._~-]+)+/?"), () -> "'pubsub.console.path' must be a path such as "
				+ "/pubsub, of letters, digits and '-._~', was \"" + text + "\"");
		return new ConsolePath(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
	}

	/**
	 * Return the URL patterns that belong to the console, with one handler for them.
	 */
	<T> Map<String, T> patterns(T handler) {
		return Map.of(this.value, handler, this.value + "/**", handler);
	}

	/**
	 * Return the rest of a path of the application.
	 */
	String rest(String path) {
		return path.startsWith(this.value) ? path.substring(this.value.length()) : path;
	}

	@Override
	public String toString() {
		return this.value;
	}

}
