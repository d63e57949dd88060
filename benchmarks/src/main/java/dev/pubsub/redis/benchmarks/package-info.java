/**
 * What the library costs: this library, the bare driver and Spring Data Redis do the same
 * work, each in a JVM of its own.
 */
@NullMarked
package dev.pubsub.redis.benchmarks;

import org.jspecify.annotations.NullMarked;
