/**
 * What all features share and Redis has no part in. Not API.
 */
@NullMarked
package dev.pubsub.redis.internal;

import org.jspecify.annotations.NullMarked;
