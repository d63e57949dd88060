package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The lease of a stream for a group: at most one consumer has it. Each command is sent at
 * once, and answers with a future. Thread-safe.
 */
public interface OwnerLease {

	/**
	 * Return the lease of a stream, kept on its server.
	 * @param link connection to send commands on
	 * @param group stream and group
	 * @param lease how long it is granted for
	 * @return the lease
	 */
	static OwnerLease over(RedisLink link, StreamGroup group, Duration lease) {
		return new RedisOwnerLease(link, group, lease);
	}

	/**
	 * Take the lease, unless another consumer has it. For its owner, it is granted again
	 * with a new token.
	 * @param name name of the consumer, used by no other one
	 * @return who has it now
	 */
	CompletableFuture<OwnerGrant> acquire(String name);

	/**
	 * Renew the lease.
	 * @param name name of the owner
	 * @param token its token
	 * @return who has it now: not granted where another consumer took it meanwhile
	 */
	CompletableFuture<OwnerGrant> renew(String name, long token);

	/**
	 * End the lease, or the wait for it.
	 * @param name name of the consumer
	 * @param token its token, 0 where it waits
	 * @return whether it had the lease
	 */
	CompletableFuture<Boolean> release(String name, long token);

}
