package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.internal.SafeText;
import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when Redis answers a command with an error. The driver's exception, which is the
 * cause, says neither which command that was nor which key.
 */
public final class CommandFailedException extends PubSubException {

	private final String command;

	private final @Nullable String key;

	private final String error;

	/**
	 * Create an exception.
	 * @param command name of the command, for a script with the name of that
	 * @param key its first key, if it has one
	 * @param error what Redis answered
	 */
	CommandFailedException(String command, @Nullable String key, String error) {
		super(command + ((key != null) ? " on " + SafeText.of(key) : "") + ": " + SafeText.of(error) + cure(error),
				new RedisCommandExecutionException(error));
		this.command = command;
		this.key = key;
		this.error = SafeText.of(error);
	}

	/**
	 * Return an exception for an answer.
	 * @param command the command
	 * @param key its first key, if it has one
	 * @param error what Redis answered; where it does not know the command it quotes the
	 * arguments, among them the payload
	 * @return the exception
	 */
	static CommandFailedException of(String command, @Nullable String key, String error) {
		int quoted = error.indexOf(", with args beginning with");
		return new CommandFailedException(command, key, (quoted > 0) ? error.substring(0, quoted) : error);
	}

	/**
	 * In a cluster that is configured as one, no more than a slot that is on its way for
	 * too long is answered so.
	 */
	private static String cure(String error) {
		return error.startsWith("MOVED ")
				? " (the server is a node of a cluster: is it configured as one, in spring.data.redis.cluster.nodes?)"
				: "";
	}

	public String command() {
		return this.command;
	}

	public @Nullable String key() {
		return this.key;
	}

	/**
	 * Return what Redis answered.
	 * @return the error, cut and escaped
	 */
	public String error() {
		return this.error;
	}

}
