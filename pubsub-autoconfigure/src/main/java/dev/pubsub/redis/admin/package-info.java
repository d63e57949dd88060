/**
 * Looking at and acting on streams, groups, consumers, pending and dead messages.
 */
@NullMarked
package dev.pubsub.redis.admin;

import org.jspecify.annotations.NullMarked;
