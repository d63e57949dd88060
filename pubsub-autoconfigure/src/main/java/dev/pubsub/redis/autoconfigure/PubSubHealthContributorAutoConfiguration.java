package dev.pubsub.redis.autoconfigure;

import java.time.Clock;

import dev.pubsub.redis.actuate.PubSubHealthIndicator;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the health of listener containers.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubListenerAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(StreamListenerContainerRegistry.class)
@ConditionalOnEnabledHealthIndicator("pubsub")
public final class PubSubHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "pubsubHealthIndicator", "pubsubHealthContributor" },
			search = SearchStrategy.CURRENT)
	PubSubHealthIndicator pubsubHealthIndicator(StreamListenerContainerRegistry registry,
			ObjectProvider<CronScheduler> cronSchedulers, BeanFactory beanFactory) {
		return new PubSubHealthIndicator(VisibleContainers.of(registry, beanFactory),
				() -> cronSchedulers.stream().flatMap((scheduler) -> scheduler.getOutages().stream()).toList(),
				Clock.systemUTC());
	}

}
