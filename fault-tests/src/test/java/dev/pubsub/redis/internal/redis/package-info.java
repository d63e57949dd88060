/**
 * What has to see the inside of the library.
 */
@NullMarked
package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.NullMarked;
