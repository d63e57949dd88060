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
	 * Return whether a server may have refused a connection for its name: not for a wrong
	 * password, which another attempt would only count twice.
	 * @param failure why there is no connection
	 * @return whether to try without a name
	 */
	static boolean isRefusal(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String message = cause.getMessage();
			if (message != null && (message.startsWith("NOPERM") || message.startsWith("ERR"))) {
				return !message.contains("AUTH") && !message.contains("password");
			}
		}
		return false;
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
