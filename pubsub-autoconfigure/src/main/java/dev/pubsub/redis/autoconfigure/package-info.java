/**
 * Auto-configuration, properties and failure analysis.
 */
@NullMarked
package dev.pubsub.redis.autoconfigure;

import org.jspecify.annotations.NullMarked;
