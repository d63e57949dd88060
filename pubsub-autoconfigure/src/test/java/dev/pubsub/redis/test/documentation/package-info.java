/**
 * Code blocks of the documentation, for the tests that compile and bind them.
 */
@NullMarked
package dev.pubsub.redis.test.documentation;

import org.jspecify.annotations.NullMarked;
