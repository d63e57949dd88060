package dev.pubsub.redis.internal.partition;

import dev.pubsub.redis.PubSubException;

/**
 * The layout of a partitioned stream in Redis is none: somebody else wrote to its key.
 */
final class DamagedLayoutException extends PubSubException {

	DamagedLayoutException(String key, String field) {
		super("The hash " + key + " is no layout of partitions: its field \"" + field
				+ "\" is missing or not possible; restore it, or delete it if no partition has messages");
	}

}
