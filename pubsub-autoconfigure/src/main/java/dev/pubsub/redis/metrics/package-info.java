/**
 * Meters and observations with Micrometer.
 */
@NullMarked
package dev.pubsub.redis.metrics;

import org.jspecify.annotations.NullMarked;
