/**
 * The only package that talks to Redis. Not API.
 */
@NullMarked
package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.NullMarked;
