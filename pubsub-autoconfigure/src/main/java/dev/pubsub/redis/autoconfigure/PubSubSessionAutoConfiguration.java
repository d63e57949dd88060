package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionScope;
import dev.pubsub.redis.producer.web.ReactiveSessionConfigurer;
import dev.pubsub.redis.producer.web.ReactiveSessionFilter;
import dev.pubsub.redis.producer.web.ReactiveSessionScope;
import dev.pubsub.redis.producer.web.ServletSessionFilter;
import dev.pubsub.redis.producer.web.ServletSessionScope;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of what the current session of a producer is: that of the servlet
 * request, the reactive exchange or the transaction.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnBean(StreamConnections.class)
public final class PubSubSessionAutoConfiguration {

	/** One name, so that the scope of a context hides that of its parent. */
	private static final String SESSION_SCOPE = "pubSubSessionScope";

	@Bean(SESSION_SCOPE)
	@PerContext
	@ConditionalOnNotWebApplication
	SessionScope pubSubSessionScope(PubSubProperties properties) {
		return SessionScopes.of(properties.session().flush(), SessionScope.none());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletSessionConfiguration {

		@Bean(SESSION_SCOPE)
		@PerContext
		SessionScope pubSubServletSessionScope(PubSubProperties properties) {
			return SessionScopes.of(properties.session().flush(), new ServletSessionScope());
		}

		@Bean
		@PerContext
		ServletSessionFilter pubSubServletSessionFilter(PubSubProperties properties) {
			return new ServletSessionFilter(properties.session().flush());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveSessionConfiguration {

		@Bean(SESSION_SCOPE)
		@PerContext
		SessionScope pubSubReactiveSessionScope(PubSubProperties properties) {
			return SessionScopes.of(properties.session().flush(),
					new ReactiveSessionScope(properties.session().flush()));
		}

		@Bean
		@PerContext
		ReactiveSessionFilter pubSubReactiveSessionFilter(PubSubProperties properties) {
			return new ReactiveSessionFilter(properties.session().flush());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(name = "org.springframework.web.reactive.config.WebFluxConfigurer")
	static class WebFluxSessionConfiguration {

		@Bean
		@PerContext
		ReactiveSessionConfigurer pubSubReactiveSessionConfigurer(ObjectProvider<RedisStreamProducer> producer) {
			return new ReactiveSessionConfigurer(producer::getIfUnique);
		}

	}

}
