/**
 * The engine: one consumer's messages from their delivery to their settlement. Internal.
 */
@NullMarked
package dev.pubsub.redis.internal.delivery;

import org.jspecify.annotations.NullMarked;
