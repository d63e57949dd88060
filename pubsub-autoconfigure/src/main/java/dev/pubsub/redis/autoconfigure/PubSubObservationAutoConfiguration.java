package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.metrics.ObservedHandlers;
import dev.pubsub.redis.metrics.ObservedPublishing;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of observations: a trace that goes on from who publishes to who
 * handles.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ StreamConnections.class, ObservationRegistry.class })
public final class PubSubObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ObservedHandlers pubSubObservedHandlers(ObservationRegistry registry) {
		return new ObservedHandlers(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.LOWEST_PRECEDENCE)
	ObservedPublishing pubSubObservedPublishing(ObservationRegistry registry) {
		return new ObservedPublishing(registry);
	}

}
