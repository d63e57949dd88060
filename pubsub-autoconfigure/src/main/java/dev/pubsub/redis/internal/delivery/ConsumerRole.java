package dev.pubsub.redis.internal.delivery;

import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.RedisLink;

/**
 * What a consumer is in its group: one of several, or the owner of the stream.
 */
interface ConsumerRole {

	/**
	 * Return its commands.
	 * @param link connection to send them on
	 */
	GroupClient over(RedisLink link);

	/**
	 * Return the order in which its messages start.
	 * @param start starts a message whose turn has come
	 * @param claim claims a message whose turn has come and that is pending
	 */
	StartOrder order(Consumer<InFlightMessage> start, Consumer<EntryId> claim);

	/**
	 * Take over what is pending, before the first read.
	 * @param link connection to ask on
	 * @param inFlight receives what is pending, left to its leases
	 * @return whether there is something to claim
	 */
	boolean takeOver(RedisLink link, InFlightMessages inFlight)
			throws ExecutionException, InterruptedException, TimeoutException;

	/**
	 * Return whether handlers may start.
	 * @param now monotonic nanoseconds
	 */
	boolean mayStart(long now);

	/**
	 * Return the token of its ownership, if it owns the stream.
	 */
	OptionalLong token();

}
