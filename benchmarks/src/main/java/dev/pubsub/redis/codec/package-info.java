/**
 * Benchmarks of what is not public in this package.
 */
@NullMarked
package dev.pubsub.redis.codec;

import org.jspecify.annotations.NullMarked;
