package dev.pubsub.redis.internal.redis;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Makes the names that connections have in {@code CLIENT LIST}:
 * {@code shop:reader:orders}.
 */
final class ClientName {

	private static final String DEFAULT_APPLICATION = "pubsub";

	private static final int LONGEST = 100;

	private ClientName() {
	}

	/**
	 * Return the name of a connection.
	 * @param application client name of the application, if it has one
	 * @param role what the connection is for
	 * @param stream the only stream it is for, if there is one
	 * @return the name, without characters that Redis refuses
	 */
	static String of(Optional<String> application, String role, @Nullable String stream) {
		String name = application.orElse(DEFAULT_APPLICATION) + ":" + role + ((stream != null) ? ":" + stream : "");
		String permitted = name.replaceAll("[^!-~]", "_");
		return (permitted.length() > LONGEST) ? permitted.substring(0, LONGEST) : permitted;
	}

}
