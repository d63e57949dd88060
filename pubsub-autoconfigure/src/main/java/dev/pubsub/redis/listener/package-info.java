/**
 * Reading, dispatching and settling messages.
 */
@NullMarked
package dev.pubsub.redis.listener;

import org.jspecify.annotations.NullMarked;
