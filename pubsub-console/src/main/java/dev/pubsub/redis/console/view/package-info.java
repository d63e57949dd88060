/**
 * What the page shows and does, as JSON.
 */
@NullMarked
package dev.pubsub.redis.console.view;

import org.jspecify.annotations.NullMarked;
