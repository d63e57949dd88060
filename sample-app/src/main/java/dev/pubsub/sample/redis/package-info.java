/**
 * A Redis server for those who have none.
 */
@NullMarked
package dev.pubsub.sample.redis;

import org.jspecify.annotations.NullMarked;
