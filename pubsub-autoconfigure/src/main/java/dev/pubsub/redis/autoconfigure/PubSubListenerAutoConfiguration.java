package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.pubsub.redis.annotation.StreamSubscribeProcessor;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.observe.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of listeners: the registry of their containers, and the methods
 * that are annotated with {@link dev.pubsub.redis.annotation.StreamSubscribe}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnBean(StreamConnections.class)
@ConditionalOnBooleanProperty(name = "pubsub.redis.consumer.enabled", matchIfMissing = true)
public final class PubSubListenerAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(PubSubListenerAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	StreamListenerContainerRegistry streamListenerContainerRegistry(StreamConnections connections,
			BackgroundThreads threads, ObjectProvider<StreamObserver> observers, ApplicationEventPublisher publisher) {
		ContainerEvents events = new ContainerEvents(publisher);
		List<StreamObserver> all = Stream.concat(observers.orderedStream(), Stream.of(events)).toList();
		return StreamListenerContainerRegistry.create(connections, threads, StreamObserver.composite(all), events);
	}

	@Bean
	@ConditionalOnMissingBean
	StreamSubscribeProcessor streamSubscribeProcessor(ConfigurableListableBeanFactory beanFactory,
			StreamListenerContainerRegistry registry, PayloadCodec codec, PubSubPropertiesMapper mapper,
			ObjectProvider<Clock> clock) {
		Consumer<CronJob> scheduler = (job) -> logger.warn("There is no scheduler yet: {} does not fire", job);
		return new StreamSubscribeProcessor(beanFactory, registry, codec, mapper::defaults, scheduler,
				clock.getIfUnique(Clock::systemUTC));
	}

}
