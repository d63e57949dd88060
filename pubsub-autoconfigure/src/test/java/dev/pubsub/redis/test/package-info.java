/**
 * Real Redis servers for integration tests.
 */
@NullMarked
package dev.pubsub.redis.test;

import org.jspecify.annotations.NullMarked;
