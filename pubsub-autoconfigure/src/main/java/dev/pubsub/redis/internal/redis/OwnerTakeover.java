package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Makes what is pending the messages of the owner of a stream, without delivering them.
 */
public interface OwnerTakeover {

	/**
	 * Return the takeover of a stream on a Redis server.
	 * @param link connection to send commands on
	 * @param group stream and group
	 * @param owner name of the owner
	 * @param fence the check of the ownership
	 * @return the takeover
	 */
	static OwnerTakeover over(RedisLink link, StreamGroup group, String owner, Fence fence) {
		return new RedisOwnerTakeover(link, group, owner, fence);
	}

	/**
	 * Take entries, in order of their ids. They keep their idle times and deliveries.
	 * @param after entries after this id, or {@code null} for all
	 * @param count most entries
	 * @param keyField name of the field that has the key
	 * @return the entries
	 */
	CompletableFuture<List<KeyedEntry>> take(@Nullable EntryId after, int count, String keyField);

}
