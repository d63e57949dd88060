package dev.pubsub.redis.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Gives each auto-configured context a bean of its own: that of a parent context knows
 * nothing of the listeners, jobs and requests of its children. A bean that the
 * application defines is used instead, in this context or in a parent.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(PerContextCondition.class)
@interface PerContext {

}
