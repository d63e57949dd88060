package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.Routes.Owner;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * A way to find out which server serves which slot, where that can change.
 */
interface Discovery {

	/**
	 * Return whom to ask.
	 * @param routes what is known, if anything is
	 * @return a few addresses
	 */
	List<RedisURI> sources(@Nullable Routes routes);

	/**
	 * Ask one of them. Nothing waits for the answer.
	 * @param source its address
	 * @return an owner for each slot, or one for all; unknown ones are {@code null}
	 */
	CompletableFuture<@Nullable Owner[]> ask(RedisURI source);

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
