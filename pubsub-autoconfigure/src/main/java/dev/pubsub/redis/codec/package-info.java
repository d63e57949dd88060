/**
 * Payloads as entry fields, and back.
 */
@NullMarked
package dev.pubsub.redis.codec;

import org.jspecify.annotations.NullMarked;
