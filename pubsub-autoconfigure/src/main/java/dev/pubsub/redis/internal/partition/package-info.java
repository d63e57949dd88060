/**
 * Streams that consist of several, their partitions: which there are, and which one a
 * message belongs to.
 */
@NullMarked
package dev.pubsub.redis.internal.partition;

import org.jspecify.annotations.NullMarked;
