package dev.pubsub.redis.internal.redis;

import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed command means for whoever sent it.
 */
public enum RedisFault {

	/**
	 * The stream or its group is gone.
	 */
	LOST_GROUP,

	/**
	 * The group exists already.
	 */
	GROUP_EXISTS,

	/**
	 * The server became a replica: only another connection can help.
	 */
	READ_ONLY,

	/**
	 * The server cannot serve the command now: loading, out of memory, too few replicas.
	 */
	UNAVAILABLE,

	/**
	 * The server will refuse the command until somebody changes rights, passwords or
	 * keys.
	 */
	REFUSED,

	/**
	 * The server does not know the command or one of its options.
	 */
	UNSUPPORTED,

	/**
	 * Any other error reply.
	 */
	OTHER_REPLY,

	/**
	 * There was no connection; nothing was sent.
	 */
	NOT_SENT,

	/**
	 * The connection was lost or silent; whether the command was executed is unknown.
	 */
	NO_REPLY;

	private static final String[] UNAVAILABLE_CODES = { "LOADING", "CLUSTERDOWN", "MASTERDOWN", "MISCONF", "NOREPLICAS",
			"BUSY", "OOM", "TRYAGAIN", "ERR max number of clients" };

	/**
	 * What the driver says when it has found the connection gone before it wrote, or its
	 * queue full.
	 */
	private static final String[] NOT_SENT_TEXTS = { "Currently not connected", "Connection is closed",
			"Request queue size exceeded" };

	private static final String[] REFUSED_CODES = { "NOPERM", "NOAUTH", "WRONGPASS", "WRONGTYPE",
			"ERR invalid password", "ERR Client sent AUTH" };

	/**
	 * Return what the given failure means.
	 * @param failure what a command's future completed with
	 * @return the fault
	 */
	public static RedisFault of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof NotConnectedException || startsWith(cause.getMessage(), NOT_SENT_TEXTS)) {
				return NOT_SENT;
			}
			if (cause instanceof RedisCommandExecutionException) {
				return ofReply(cause.getMessage());
			}
			if (startsWith(cause.getMessage(), UNAVAILABLE_CODES)) {
				return UNAVAILABLE;
			}
			if (startsWith(cause.getMessage(), REFUSED_CODES)) {
				return REFUSED;
			}
		}
		return NO_REPLY;
	}

	/**
	 * Return whether a server answered that it has not executed a command, and may do so
	 * a little later, or another server now: it is loading, no master, short of replicas,
	 * or the slot moves.
	 * @param failure what a command's future completed with
	 * @return whether to send the command again
	 */
	public static boolean isForLater(Throwable failure) {
		return ErrorReply.of(failure) != null;
	}

	/**
	 * Return whether a server answered that it has not executed a command, since another
	 * one has its key, or gets it: that says nothing about commands on other keys.
	 * @param failure what a command's future completed with
	 * @return whether the key is elsewhere, or on its way
	 */
	public static boolean isMove(Throwable failure) {
		ErrorReply error = ErrorReply.of(failure);
		return error != null && error.isAboutSlot();
	}

	/**
	 * Return whether a server named another one that executes a command now.
	 * @param failure what a command's future completed with
	 * @return whether to send the command there at once
	 */
	public static boolean isRedirection(Throwable failure) {
		ErrorReply error = ErrorReply.of(failure);
		return error != null && error.isRedirection();
	}

	/**
	 * Return whether the server itself answered, with an error.
	 * @return whether it was a reply
	 */
	public boolean isReply() {
		return this != NOT_SENT && this != NO_REPLY;
	}

	private static RedisFault ofReply(@Nullable String message) {
		if (message == null) {
			return OTHER_REPLY;
		}
		// A script reports the error of its command with a text of its own around it.
		String error = message.replaceFirst("^ERR Error running script.*?: (?=[A-Z]+ )", "");
		if (error.startsWith("NOGROUP") || error.startsWith("UNBLOCKED the stream key")) {
			return LOST_GROUP;
		}
		if (error.startsWith("BUSYGROUP")) {
			return GROUP_EXISTS;
		}
		if (error.startsWith("READONLY") || error.startsWith("UNBLOCKED")) {
			return READ_ONLY;
		}
		if (startsWith(error, UNAVAILABLE_CODES)) {
			return UNAVAILABLE;
		}
		if (startsWith(error, REFUSED_CODES)) {
			return REFUSED;
		}
		if (error.startsWith("ERR unknown") || error.startsWith("ERR syntax error")) {
			return UNSUPPORTED;
		}
		return ofWrappedReply(error);
	}

	private static RedisFault ofWrappedReply(String error) {
		if (error.contains("NOGROUP")) {
			return LOST_GROUP;
		}
		if (error.contains("WRONGTYPE") || error.contains("NOPERM") || isRefusedInScript(error)) {
			return REFUSED;
		}
		return error.contains("OOM") ? UNAVAILABLE : OTHER_REPLY;
	}

	/**
	 * Within a script no server answers with the code of a missing right: the first text
	 * is that of Redis 7.0, the second that of later ones.
	 */
	private static boolean isRefusedInScript(String error) {
		return error.contains("The user executing the script can't") || error.contains("ACL failure in script");
	}

	private static boolean startsWith(@Nullable String message, String[] codes) {
		if (message != null) {
			for (String code : codes) {
				if (message.startsWith(code)) {
					return true;
				}
			}
		}
		return false;
	}

}
