/**
 * Tests with Redis as several servers: Redis Cluster and Sentinel.
 */
@NullMarked
package dev.pubsub.redis.nodes;

import org.jspecify.annotations.NullMarked;
