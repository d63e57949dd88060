/**
 * A small order service.
 */
@NullMarked
package dev.pubsub.sample;

import org.jspecify.annotations.NullMarked;
