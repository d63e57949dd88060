/**
 * The console in the web stack of the application: Spring MVC or WebFlux.
 */
@NullMarked
package dev.pubsub.redis.console.web;

import org.jspecify.annotations.NullMarked;
