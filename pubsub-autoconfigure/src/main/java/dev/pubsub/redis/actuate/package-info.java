/**
 * Health and endpoint of Spring Boot Actuator.
 */
@NullMarked
package dev.pubsub.redis.actuate;

import org.jspecify.annotations.NullMarked;
