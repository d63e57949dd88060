package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no connection to Redis: the command was not sent.
 */
public final class NotConnectedException extends PubSubException {

	private final String description;

	private final String cure;

	private NotConnectedException(String description, String cure, @Nullable Throwable cause) {
		super(description + ". " + cure, cause);
		this.description = description;
		this.cure = cure;
	}

	/**
	 * Return an exception that names the server, the reason and what helps.
	 * @param link the link
	 * @param cause why the last attempt to connect failed; {@code null} if none ended
	 * @return the exception
	 */
	static NotConnectedException of(LinkName link, @Nullable Throwable cause) {
		ConnectFailure failure = ConnectFailure.of(cause);
		return new NotConnectedException("Not connected to Redis at " + link + ": " + failure.reason(), failure.cure(),
				cause);
	}

	/**
	 * Return whether no attempt to connect has ended so far.
	 */
	boolean isFirstAttempt() {
		return getCause() == null;
	}

	/**
	 * Return what the message says, without what helps.
	 * @return server and reason
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Return what helps.
	 * @return one or more sentences
	 */
	public String cure() {
		return this.cure;
	}

}
