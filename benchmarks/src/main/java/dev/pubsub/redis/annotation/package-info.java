/**
 * Benchmarks of what is not public in this package.
 */
@NullMarked
package dev.pubsub.redis.annotation;

import org.jspecify.annotations.NullMarked;
