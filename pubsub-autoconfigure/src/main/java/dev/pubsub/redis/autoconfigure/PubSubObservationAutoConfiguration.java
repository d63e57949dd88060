package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.metrics.ObservedHandlers;
import dev.pubsub.redis.metrics.ObservedPublishing;
import dev.pubsub.redis.metrics.ProcessObservationConvention;
import dev.pubsub.redis.metrics.ProcessTracingHandler;
import dev.pubsub.redis.metrics.PublishObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ StreamConnections.class, ObservationRegistry.class })
public final class PubSubObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ObservedHandlers pubSubObservedHandlers(ObservationRegistry registry,
			ObjectProvider<ProcessObservationConvention> convention) {
		return new ObservedHandlers(registry, convention.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.LOWEST_PRECEDENCE)
	ObservedPublishing pubSubObservedPublishing(ObservationRegistry registry,
			ObjectProvider<PublishObservationConvention> convention) {
		return new ObservedPublishing(registry, convention.getIfAvailable());
	}

	/**
	 * Spans of handlers with links.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Tracer.class)
	@ConditionalOnBean({ Tracer.class, Propagator.class })
	static class Tracing {

		@Bean
		@ConditionalOnMissingBean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ProcessTracingHandler pubSubProcessTracingHandler(Tracer tracer, Propagator propagator) {
			return new ProcessTracingHandler(tracer, propagator);
		}

	}

}
