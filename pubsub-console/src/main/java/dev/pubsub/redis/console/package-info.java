/**
 * The console: its auto-configuration and settings.
 */
@NullMarked
package dev.pubsub.redis.console;

import org.jspecify.annotations.NullMarked;
