package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.actuate.PubSubEndpoint;
import dev.pubsub.redis.actuate.PubSubEndpointWebExtension;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the {@link PubSubEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubListenerAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(StreamListenerContainerRegistry.class)
@ConditionalOnAvailableEndpoint(PubSubEndpoint.class)
public final class PubSubEndpointAutoConfiguration {

	@Bean
	@PerContext
	PubSubEndpoint pubSubEndpoint(StreamListenerContainerRegistry registry, BeanFactory beanFactory) {
		return new PubSubEndpoint(VisibleContainers.of(registry, beanFactory));
	}

	@Bean
	@PerContext
	@ConditionalOnAvailableEndpoint(endpoint = PubSubEndpoint.class, exposure = EndpointExposure.WEB)
	PubSubEndpointWebExtension pubSubEndpointWebExtension(PubSubEndpoint endpoint) {
		return new PubSubEndpointWebExtension(endpoint);
	}

}
