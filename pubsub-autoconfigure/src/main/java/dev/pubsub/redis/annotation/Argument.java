package dev.pubsub.redis.annotation;

import org.jspecify.annotations.Nullable;

/**
 * Makes one argument of a listener method.
 */
@FunctionalInterface
interface Argument {

	@Nullable Object resolve(Attempt attempt) throws Exception;

}
