package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import dev.pubsub.redis.annotation.StreamSubscribeProcessor;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.observe.StreamObserver;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of listeners: the registry of their containers, the methods that
 * are annotated with {@link dev.pubsub.redis.annotation.StreamSubscribe}, and the
 * scheduler of cron jobs, theirs and those that are beans.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnBean(StreamConnections.class)
@ConditionalOnBooleanProperty(name = "pubsub.redis.consumer.enabled", matchIfMissing = true)
public final class PubSubListenerAutoConfiguration {

	@Bean
	ApplicationEvents pubSubApplicationEvents(ApplicationEventPublisher publisher, BackgroundThreads threads) {
		return new ApplicationEvents(publisher, threads.tasks());
	}

	@Bean(destroyMethod = "")
	@PerContext
	StreamListenerContainerRegistry streamListenerContainerRegistry(StreamConnections connections,
			ObjectProvider<StreamObserver> observers, ApplicationEvents application) {
		ContainerEvents events = new ContainerEvents(application);
		List<StreamObserver> all = Stream.concat(observers.orderedStream(), Stream.of(events)).toList();
		return StreamListenerContainerRegistry.builder(connections)
			.observer(StreamObserver.composite(all))
			.events(events)
			.build();
	}

	@Bean
	@PerContext
	CronScheduler pubSubCronScheduler(StreamConnections connections, PubSubPropertiesMapper mapper,
			ObjectProvider<Clock> clock, ApplicationEvents application, ObjectProvider<CronObserver> observers) {
		CronObserver observer = observers.getIfAvailable(() -> (event) -> {
		});
		return CronScheduler.builder(connections)
			.options(mapper.cronOptions())
			.clock(CronClock.of(clock))
			.events((event) -> {
				observer.onEvent(event);
				application.publish("cron job " + event.job() + " of " + event.stream(), event);
			})
			.build();
	}

	@Bean
	CronJobBeans pubSubCronJobBeans(ListableBeanFactory beanFactory, CronScheduler scheduler) {
		return new CronJobBeans(beanFactory, scheduler);
	}

	@Bean
	@PerContext
	StreamSubscribeProcessor streamSubscribeProcessor(ConfigurableListableBeanFactory beanFactory,
			StreamListenerContainerRegistry registry, PayloadCodec codec, PubSubPropertiesMapper mapper,
			CronScheduler scheduler) {
		return new StreamSubscribeProcessor(beanFactory, registry, codec, mapper::defaults, scheduler::schedule);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "pubsub.redis.mdc.enabled", matchIfMissing = true)
	@Order(Ordered.HIGHEST_PRECEDENCE + 1)
	HandlerLoggingContext pubSubHandlerLoggingContext() {
		return new HandlerLoggingContext();
	}

	@Bean
	UnusedSettings pubSubUnusedSettings(ConfigurableApplicationContext context,
			StreamListenerContainerRegistry registry) {
		return new UnusedSettings(context, VisibleContainers.of(registry, context.getBeanFactory()));
	}

	@Bean
	ShutdownTimeoutCheck pubSubShutdownTimeoutCheck(StreamListenerContainerRegistry registry, Environment environment) {
		return new ShutdownTimeoutCheck(registry, environment);
	}

}
