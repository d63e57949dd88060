package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.metrics.MicrometerStreamObserver;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of meters.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ StreamConnections.class, MeterRegistry.class })
public final class PubSubMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MicrometerStreamObserver pubSubMicrometerStreamObserver(MeterRegistry registry) {
		return new MicrometerStreamObserver(registry);
	}

}
