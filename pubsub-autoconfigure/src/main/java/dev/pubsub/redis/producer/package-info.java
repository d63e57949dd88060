/**
 * Publishing: one by one, asynchronously and in sessions.
 */
@NullMarked
package dev.pubsub.redis.producer;

import org.jspecify.annotations.NullMarked;
