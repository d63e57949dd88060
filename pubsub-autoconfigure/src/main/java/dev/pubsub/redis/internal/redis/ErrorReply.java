package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.internal.Failures;
import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An error reply after which a command may work elsewhere, or a little later: the server
 * has not executed it.
 *
 * @param kind what it means
 * @param slot slot of the key, if the server named it
 * @param host the server that serves the key, {@code null} if it was not named
 * @param port its port
 */
record ErrorReply(Kind kind, int slot, @Nullable String host, int port) {

	private static final ErrorReply TRY_AGAIN = new ErrorReply(Kind.TRY_AGAIN, -1, null, 0);

	private static final ErrorReply UNAVAILABLE = new ErrorReply(Kind.UNAVAILABLE, -1, null, 0);

	private static final ErrorReply NO_MASTER = new ErrorReply(Kind.NO_MASTER, -1, null, 0);

	private static final String SCRIPT_ERROR = "ERR Error running script";

	/**
	 * Read an error reply.
	 * @param error the error
	 * @return the reply, {@code null} if to send the command again would be of no use
	 */
	static @Nullable ErrorReply parse(String error) {
		if (error.startsWith("MOVED ")) {
			return redirection(Kind.MOVED, error);
		}
		if (error.startsWith("ASK ")) {
			return redirection(Kind.ASK, error);
		}
		if (error.startsWith("TRYAGAIN")) {
			return TRY_AGAIN;
		}
		if (error.startsWith("CLUSTERDOWN") || error.startsWith("LOADING") || error.startsWith("MASTERDOWN")) {
			return UNAVAILABLE;
		}
		if (error.startsWith("READONLY") || (error.startsWith(SCRIPT_ERROR) && error.contains("-READONLY "))) {
			return NO_MASTER;
		}
		if (error.startsWith("NOREPLICAS") || (error.startsWith(SCRIPT_ERROR) && error.contains("-NOREPLICAS "))) {
			return UNAVAILABLE;
		}
		return null;
	}

	/**
	 * Read what the reply to a command failed with.
	 * @param failure the failure
	 * @return the error reply, {@code null} if it is none after which a command may work
	 */
	static @Nullable ErrorReply of(Throwable failure) {
		Throwable cause = Failures.unwrap(failure);
		String error = (cause instanceof CommandFailedException failed) ? failed.error()
				: (cause instanceof RedisCommandExecutionException) ? cause.getMessage() : null;
		return (error != null) ? parse(error) : null;
	}

	/**
	 * Return whether it names another server.
	 */
	boolean isRedirection() {
		return this.kind == Kind.MOVED || this.kind == Kind.ASK;
	}

	/**
	 * Return whether it is about the slot of the key, and says nothing about commands on
	 * keys of other slots.
	 */
	boolean isAboutSlot() {
		return isRedirection() || this.kind == Kind.TRY_AGAIN;
	}

	/**
	 * Read {@code MOVED 3999 127.0.0.1:6381}. Without a host it is the one that answered;
	 * what has colons is IPv6.
	 */
	private static @Nullable ErrorReply redirection(Kind kind, String error) {
		String[] parts = error.split(" ");
		int colon = (parts.length > 2) ? parts[2].lastIndexOf(':') : -1;
		if (colon < 0) {
			return null;
		}
		String host = parts[2].substring(0, colon);
		try {
			return new ErrorReply(kind, Integer.parseInt(parts[1]), (host.isEmpty() || host.equals("?")) ? null : host,
					Integer.parseInt(parts[2].substring(colon + 1)));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * What an error reply means for the command.
	 */
	enum Kind {

		/**
		 * Another server serves the slot.
		 */
		MOVED,

		/**
		 * Another server has the key already, while the slot moves.
		 */
		ASK,

		/**
		 * The keys are apart while the slot moves.
		 */
		TRY_AGAIN,

		/**
		 * The server cannot serve it now.
		 */
		UNAVAILABLE,

		/**
		 * The server is a replica.
		 */
		NO_MASTER

	}

}
