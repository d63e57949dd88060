/**
 * Watches from outside how much of the streams waits.
 */
@NullMarked
package dev.pubsub.redis.monitor;

import org.jspecify.annotations.NullMarked;
