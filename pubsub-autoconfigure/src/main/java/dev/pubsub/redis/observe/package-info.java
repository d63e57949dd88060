/**
 * What happened to each message.
 */
@NullMarked
package dev.pubsub.redis.observe;

import org.jspecify.annotations.NullMarked;
