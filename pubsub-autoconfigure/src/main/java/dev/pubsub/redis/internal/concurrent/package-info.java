/**
 * Threads and timers of the engine. Not API.
 */
@NullMarked
package dev.pubsub.redis.internal.concurrent;

import org.jspecify.annotations.NullMarked;
