/**
 * Messages on Redis Streams: the values every user meets, and the exceptions.
 */
@NullMarked
package dev.pubsub.redis;

import org.jspecify.annotations.NullMarked;
