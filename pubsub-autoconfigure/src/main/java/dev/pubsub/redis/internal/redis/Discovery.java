package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.RedisURI;

/**
 * A way to find out which server serves which slot, where that can change.
 */
interface Discovery {

	/**
	 * Return who can be asked from the start.
	 * @return the configured addresses
	 */
	List<RedisURI> configured();

	/**
	 * Ask one server. Nothing waits for the answer.
	 * @param source its address
	 * @return what it says
	 */
	CompletableFuture<ServerView> ask(RedisURI source);

	/**
	 * Listen for changes, where the servers announce them.
	 * @param topology learns of them
	 */
	default void listen(Topology topology) {
	}

	/**
	 * Return whether slots have servers of their own.
	 * @return whether the key decides about the server
	 */
	default boolean isSharded() {
		return false;
	}

	/**
	 * Ask no more.
	 */
	default void close() {
	}

}
