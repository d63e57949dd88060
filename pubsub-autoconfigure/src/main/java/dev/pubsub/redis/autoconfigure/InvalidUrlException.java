package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.PubSubException;

/**
 * Thrown at startup when {@code pubsub.redis.url} is no Redis URI. Not Spring Boot's
 * exception for invalid properties: the report of that one quotes the environment, and
 * with it the password. For the same reason there is no cause.
 */
class InvalidUrlException extends PubSubException {

	InvalidUrlException(String url) {
		super("'pubsub.redis.url' is no Redis URI, was \"" + mask(url) + "\"");
	}

	/**
	 * Mask up to the last '@', as a password that was not escaped may contain anything.
	 * Without an '@' mask from the first colon on that is not followed by a port.
	 */
	static String mask(String url) {
		return url.contains("@") ? url.replaceFirst("(?s)^([\\w+.-]*://)?.*@", "$1***@")
				: url.replaceFirst("(?s):(?!//|\\d+([/?#,]|$)).*", ":***");
	}

}
