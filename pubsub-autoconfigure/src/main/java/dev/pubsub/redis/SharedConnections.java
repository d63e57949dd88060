package dev.pubsub.redis;

/**
 * Connections and threads that producers, listener containers, cron schedulers and
 * administration can share. Spring Boot's auto-configuration has a bean of this type; the
 * builders take it to make another producer or registry beside those of the application.
 * Without Spring Boot each builder opens its own connections. There is nothing to
 * implement here: the engine takes only its own.
 *
 * @since 0.1.0
 */
public interface SharedConnections {

}
