/**
 * Time and threads of which a test decides: code that blocks, parks and asks for the time
 * runs in virtual time, one thread at a time, in an order that a seed decides.
 */
@NullMarked
package dev.pubsub.redis.test.virtual;

import org.jspecify.annotations.NullMarked;
