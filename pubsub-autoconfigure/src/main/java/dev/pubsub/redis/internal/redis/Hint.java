package dev.pubsub.redis.internal.redis;

import io.lettuce.core.RedisURI;

/**
 * What a server said in passing: that another one serves a slot now. It has no epoch.
 *
 * @param source who said it
 * @param node the other server
 * @param epoch of the claim that it contradicts
 * @param turn when it was said, in turns
 * @param time when it was said, in nanoseconds
 */
record Hint(RedisURI source, ServerNode node, long epoch, long turn, long time) {
}
