package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * Takes commands that no server has executed so far, since they are for another one, or
 * came too early. Never waits.
 */
interface Unexecuted {

	/**
	 * Look at a command that a server has answered with an error.
	 * @param command the command
	 * @param error what the error means
	 * @param text the error
	 * @param by the server
	 * @return whether the command is sent again; if not, the error is its reply
	 */
	<T> boolean refused(WatchedCommand<T> command, ErrorReply error, String text, ServerNode by);

	/**
	 * Send a command when there is a connection.
	 * @param command the command, which has a deadline
	 * @param reason why there is none now
	 */
	<T> void notSent(WatchedCommand<T> command, Throwable reason);

	/**
	 * Return the link to the server that a server has named as the one to ask for once.
	 * @param failure what the reply failed with
	 * @param by the server that answered
	 * @return the link; {@code null} when that server has named no other
	 */
	@Nullable RedisLink asked(Throwable failure, ServerNode by);

}
