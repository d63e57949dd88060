/**
 * Which instance of an application owns a stream. Not API.
 */
@NullMarked
package dev.pubsub.redis.internal.ownership;

import org.jspecify.annotations.NullMarked;
