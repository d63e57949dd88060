package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.util.List;

import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.metrics.BacklogGauges;
import dev.pubsub.redis.metrics.MicrometerStreamObserver;
import dev.pubsub.redis.monitor.BacklogMonitor;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of meters.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PubSubAutoConfiguration.class, PubSubListenerAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ StreamConnections.class, MeterRegistry.class })
public final class PubSubMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MicrometerStreamObserver pubSubMicrometerStreamObserver(MeterRegistry registry) {
		return new MicrometerStreamObserver(registry);
	}

	/**
	 * Gauges of how much of the subscribed streams waits.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(StreamListenerContainerRegistry.class)
	@ConditionalOnBooleanProperty(name = "pubsub.redis.metrics.enabled", matchIfMissing = true)
	static class Backlogs {

		@Bean
		@PerContext
		BacklogMonitor pubSubBacklogMonitor(StreamConnections connections, StreamListenerContainerRegistry containers,
				PubSubPropertiesMapper mapper, MeterRegistry registry) {
			BacklogMonitor monitor = BacklogMonitor.create(connections, () -> subscriptions(containers),
					mapper.metricsInterval());
			BacklogGauges gauges = new BacklogGauges(registry, monitor::getBacklog, Clock.systemUTC());
			monitor.onAnswer((backlog) -> gauges.show(backlog.getSubscription()));
			return monitor;
		}

		private static List<Subscription> subscriptions(StreamListenerContainerRegistry containers) {
			return containers.getContainers().stream().map(StreamListenerContainer::getSubscription).toList();
		}

	}

}
