package dev.pubsub.redis.internal.redis;

/**
 * What a server says about a slot.
 *
 * @param node the server that serves it
 * @param epoch grows with every change of owners
 */
record Claim(ServerNode node, long epoch) {
}
