/**
 * Fault tests: consumers and producers in processes of their own, a server and a network
 * that fail on demand, and a record of every start and settlement outside of Redis.
 */
@NullMarked
package dev.pubsub.redis.faults;

import org.jspecify.annotations.NullMarked;
