package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.operations.PubSubOperations;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the {@link PubSubOperations} that the endpoint and consoles are
 * built on.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubListenerAutoConfiguration.class)
@ConditionalOnBean({ StreamConnections.class, StreamListenerContainerRegistry.class })
public final class PubSubOperationsAutoConfiguration {

	@Bean
	@PerContext
	PubSubOperations pubSubOperations(StreamConnections connections, StreamListenerContainerRegistry registry,
			ObjectProvider<CronScheduler> cronSchedulers, PubSubProperties properties, PubSubPropertiesMapper mapper,
			BeanFactory beanFactory) {
		return new Settings<>("pubsub.redis.operations.",
				PubSubOperations.builder(connections, VisibleContainers.of(registry, beanFactory)))
			.with("redrive-rate", properties.operations().redriveRate(), (builder, rate) -> builder.redriveRate(rate))
			.options()
			.cronSchedulers(cronSchedulers.stream().toList())
			.streams(properties.streams().keySet())
			.deadLetterSuffix(mapper::deadLetterSuffix)
			.build();
	}

}
