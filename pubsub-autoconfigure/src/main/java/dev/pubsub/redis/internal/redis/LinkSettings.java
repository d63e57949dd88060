package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.function.Function;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.api.StatefulConnection;

/**
 * What the connections of one link to all servers have in common.
 *
 * @param name what the link is for, in messages
 * @param address where Redis is, in messages
 * @param prefix what all keys start with
 * @param timeout longest silence while a reply is due
 * @param suspicion after how much of it something may be wrong
 * @param connector makes a connection to a server; may block
 * @param loops knows the event loops of the connections
 * @param threads threads to connect with
 * @param reconnects counts new connections in the place of lost ones
 * @param onTrouble is told when a server cannot be reached, or is silent; must not block
 */
record LinkSettings(String name, String address, KeyPrefix prefix, Duration timeout, Duration suspicion,
		Function<ServerNode, StatefulConnection<byte[], byte[]>> connector, EventLoops loops, BackgroundThreads threads,
		Reconnects.OfLink reconnects, Runnable onTrouble) {

}
