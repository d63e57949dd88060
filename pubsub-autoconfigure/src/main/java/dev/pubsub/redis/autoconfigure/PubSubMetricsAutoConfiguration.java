package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.util.List;

import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.metrics.BacklogGauges;
import dev.pubsub.redis.metrics.ConnectionMeters;
import dev.pubsub.redis.metrics.ContainerMeters;
import dev.pubsub.redis.metrics.CronMeters;
import dev.pubsub.redis.metrics.MicrometerPublishObserver;
import dev.pubsub.redis.metrics.MicrometerStreamObserver;
import dev.pubsub.redis.monitor.BacklogMonitor;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
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

	@Bean
	@ConditionalOnMissingBean
	MicrometerPublishObserver pubSubMicrometerPublishObserver(MeterRegistry registry) {
		return new MicrometerPublishObserver(registry);
	}

	@Bean
	@PerContext
	ConnectionMeters pubSubConnectionMeters(MeterRegistry registry, StreamConnections connections) {
		return new ConnectionMeters(registry, connections::reconnects);
	}

	@Bean
	MeterRounds pubSubMeterRounds(BackgroundThreads threads, PubSubPropertiesMapper mapper,
			ConnectionMeters connectionMeters, ObjectProvider<ListenerMeters> listenerMeters) {
		return new MeterRounds(threads.timer(), mapper.metricsInterval(), () -> {
			connectionMeters.show();
			listenerMeters.ifAvailable(ListenerMeters::show);
		}, () -> listenerMeters.ifAvailable(ListenerMeters::hide));
	}

	/**
	 * Meters of containers and cron jobs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(StreamListenerContainerRegistry.class)
	static class Listeners {

		@Bean
		@PerContext
		ContainerMeters pubSubContainerMeters(MeterRegistry registry) {
			return new ContainerMeters(registry, Clock.systemUTC());
		}

		@Bean
		@PerContext
		CronMeters pubSubCronMeters(MeterRegistry registry, ObjectProvider<Clock> clock) {
			return new CronMeters(registry, CronClock.of(clock));
		}

		@Bean
		@PerContext
		CronObserver pubSubCronObserver(CronMeters meters) {
			return meters::onEvent;
		}

		@Bean
		@PerContext
		ListenerMeters pubSubListenerMeters(StreamListenerContainerRegistry containers, CronScheduler scheduler,
				MicrometerStreamObserver observer, ContainerMeters containerMeters, CronMeters cronMeters,
				ObjectProvider<BacklogGauges> backlogGauges) {
			return new ListenerMeters(containers, scheduler, (subscription) -> {
				observer.show(subscription);
				backlogGauges.ifAvailable((gauges) -> gauges.show(subscription));
			}, containerMeters, cronMeters);
		}

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
				PubSubPropertiesMapper mapper) {
			return BacklogMonitor.create(connections, () -> subscriptions(containers), mapper.metricsInterval());
		}

		@Bean
		@PerContext
		BacklogGauges pubSubBacklogGauges(MeterRegistry registry, BacklogMonitor monitor) {
			return new BacklogGauges(registry, monitor::getBacklog, Clock.systemUTC());
		}

		private static List<Subscription> subscriptions(StreamListenerContainerRegistry containers) {
			return containers.getContainers().stream().map(StreamListenerContainer::getSubscription).toList();
		}

	}

}
