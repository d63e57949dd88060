package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.Fence;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OwnerLease;
import dev.pubsub.redis.internal.redis.OwnerTakeover;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamGroup;

/**
 * How consumers reach their groups.
 */
interface GroupClients {

	/**
	 * Open a connection for the reads of one consumer.
	 * @param stream the stream that it reads
	 * @param timeout longest silence while a reply is due
	 * @param wait how much of it is usual, since reads wait in the server
	 * @return the connection, closed by the consumer
	 */
	RedisLink openReader(String stream, Duration timeout, Duration wait);

	/**
	 * Return the commands on a group.
	 * @param link connection to send them on
	 * @param consumer name of the consumer that sends them
	 */
	GroupClient over(RedisLink link, StreamGroup group, String consumer);

	/**
	 * Return the commands of the owner of a stream.
	 * @param link connection to send them on
	 * @param consumer name of the consumer that sends them
	 * @param fence the check of the ownership
	 */
	default GroupClient over(RedisLink link, StreamGroup group, String consumer, Fence fence) {
		return GroupClient.over(link, group, consumer, fence);
	}

	/**
	 * Return the takeover of what is pending, by the owner of a stream.
	 * @param link connection to send commands on
	 * @param owner name of the owner
	 * @param fence the check of the ownership
	 */
	default OwnerTakeover takeover(RedisLink link, StreamGroup group, String owner, Fence fence) {
		return OwnerTakeover.over(link, group, owner, fence);
	}

	/**
	 * Return the lease of a stream.
	 * @param link connection to send commands on
	 * @param duration how long it is granted for
	 */
	default OwnerLease lease(RedisLink link, StreamGroup group, Duration duration) {
		return OwnerLease.over(link, group, duration);
	}

	static GroupClients of(StreamConnections connections) {
		return new GroupClients() {

			@Override
			public RedisLink openReader(String stream, Duration timeout, Duration wait) {
				return connections.open("reader", stream, timeout, wait);
			}

			@Override
			public GroupClient over(RedisLink link, StreamGroup group, String consumer) {
				return GroupClient.over(link, group, consumer);
			}

		};
	}

}
