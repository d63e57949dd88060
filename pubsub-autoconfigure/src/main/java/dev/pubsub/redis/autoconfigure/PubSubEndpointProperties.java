package dev.pubsub.redis.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the endpoint.
 *
 * @param showPayloads When to show payloads, headers and stack traces of messages.
 * @param roles Roles that may see them, where that depends on who asks. When empty, all
 * authenticated users may.
 */
@ConfigurationProperties("management.endpoint.pubsub")
record PubSubEndpointProperties(@DefaultValue("never") Show showPayloads, @DefaultValue Set<String> roles) {

}
