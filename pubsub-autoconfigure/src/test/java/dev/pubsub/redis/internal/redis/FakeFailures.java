package dev.pubsub.redis.internal.redis;

import java.util.List;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;

/**
 * Failures and entries as a server and a driver would give them, for fakes.
 */
public final class FakeFailures {

	private FakeFailures() {
	}

	public static NotConnectedException notConnected() {
		return NotConnectedException.of(new LinkName("simulated", "a fake"), null);
	}

	public static RuntimeException noReply() {
		return new RedisException("Connection closed");
	}

	public static RuntimeException reply(String error) {
		return new RedisCommandExecutionException(error);
	}

	/**
	 * Return an error of a script.
	 */
	public static RuntimeException script(String error) {
		return CommandFailedException.of("EVALSHA", null, error);
	}

	/**
	 * Return what is left of entries that do not fit into a reply.
	 */
	public static List<TakenEntry> leftOut(int count) {
		return TakenEntry.fill(List.of(), count);
	}

}
