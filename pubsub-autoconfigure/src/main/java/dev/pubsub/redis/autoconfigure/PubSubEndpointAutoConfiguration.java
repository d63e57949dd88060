package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.actuate.PubSubEndpoint;
import dev.pubsub.redis.actuate.PubSubEndpointJmxExtension;
import dev.pubsub.redis.actuate.PubSubEndpointWebExtension;
import dev.pubsub.redis.operations.Payloads;
import dev.pubsub.redis.operations.PubSubOperations;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the {@link PubSubEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubOperationsAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(PubSubOperations.class)
@ConditionalOnAvailableEndpoint(PubSubEndpoint.class)
@EnableConfigurationProperties(PubSubEndpointProperties.class)
public final class PubSubEndpointAutoConfiguration {

	@Bean
	@PerContext
	PubSubEndpoint pubSubEndpoint(PubSubOperations operations) {
		return new PubSubEndpoint(operations);
	}

	@Bean
	@PerContext
	@ConditionalOnBean(PubSubEndpoint.class)
	@ConditionalOnAvailableEndpoint(endpoint = PubSubEndpoint.class, exposure = EndpointExposure.WEB)
	PubSubEndpointWebExtension pubSubEndpointWebExtension(PubSubOperations operations,
			PubSubEndpointProperties properties) {
		return new PubSubEndpointWebExtension(operations, properties.showPayloads(), properties.roles());
	}

	@Bean
	@PerContext
	@ConditionalOnBean(PubSubEndpoint.class)
	@ConditionalOnAvailableEndpoint(endpoint = PubSubEndpoint.class, exposure = EndpointExposure.JMX)
	PubSubEndpointJmxExtension pubSubEndpointJmxExtension(PubSubOperations operations,
			PubSubEndpointProperties properties) {
		boolean shown = properties.showPayloads() == Show.ALWAYS;
		return new PubSubEndpointJmxExtension(operations, shown ? Payloads.SHOWN : Payloads.HIDDEN);
	}

}
