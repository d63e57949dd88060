package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.actuate.PubSubEndpoint;
import dev.pubsub.redis.actuate.PubSubHealthIndicator;
import dev.pubsub.redis.metrics.MicrometerStreamObserver;
import dev.pubsub.redis.metrics.ObservedHandlers;
import dev.pubsub.redis.metrics.ObservedPublishing;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionScope;
import dev.pubsub.redis.producer.TransactionSessionScope;
import dev.pubsub.redis.producer.web.ReactiveSessionConfigurer;
import dev.pubsub.redis.producer.web.ReactiveSessionFilter;
import dev.pubsub.redis.producer.web.ReactiveSessionScope;
import dev.pubsub.redis.producer.web.ServletSessionFilter;
import dev.pubsub.redis.producer.web.ServletSessionScope;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * What comes with web, Micrometer and Actuator on the class path.
 */
class PubSubOptionalPartsTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(PubSubAutoConfiguration.class,
			PubSubSessionAutoConfiguration.class, PubSubProducerAutoConfiguration.class,
			PubSubListenerAutoConfiguration.class, PubSubMetricsAutoConfiguration.class,
			PubSubObservationAutoConfiguration.class, PubSubHealthContributorAutoConfiguration.class,
			PubSubOperationsAutoConfiguration.class, PubSubEndpointAutoConfiguration.class);

	private static final String URL = "pubsub.redis.url=redis://localhost:1";

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(ALL)
		.withPropertyValues(URL);

	@Test
	void servletApplicationHasSessionsOfRequests() {
		new WebApplicationContextRunner().withConfiguration(ALL)
			.withPropertyValues(URL)
			.run((context) -> assertThat(context).hasSingleBean(ServletSessionFilter.class)
				.hasSingleBean(ProducerSession.class)
				.getBean(SessionScope.class)
				.isInstanceOf(ServletSessionScope.class));
	}

	@Test
	void reactiveApplicationHasSessionsOfExchanges() {
		new ReactiveWebApplicationContextRunner().withConfiguration(ALL)
			.withPropertyValues(URL)
			.run((context) -> assertThat(context).hasSingleBean(ReactiveSessionFilter.class)
				.hasSingleBean(ReactiveSessionConfigurer.class)
				.getBean(SessionScope.class)
				.isInstanceOf(ReactiveSessionScope.class));
		new ReactiveWebApplicationContextRunner().withConfiguration(ALL)
			.withPropertyValues(URL)
			.withClassLoader(new FilteredClassLoader(WebFluxConfigurer.class))
			.run((context) -> assertThat(context).hasSingleBean(ReactiveSessionFilter.class)
				.doesNotHaveBean(ReactiveSessionConfigurer.class));
	}

	@Test
	void reactiveApplicationMayHaveSeveralProducers() {
		new ReactiveWebApplicationContextRunner().withConfiguration(ALL)
			.withPropertyValues(URL)
			.withBean("one", RedisStreamProducer.class, () -> mock(RedisStreamProducer.class))
			.withBean("two", RedisStreamProducer.class, () -> mock(RedisStreamProducer.class))
			.run((context) -> {
				ArgumentResolverConfigurer resolvers = new ArgumentResolverConfigurer();
				context.getBean(ReactiveSessionConfigurer.class).configureArgumentResolvers(resolvers);
				assertThat(context).doesNotHaveBean(ProducerSession.class);
			});
	}

	@Test
	void sessionsFollowTransactionsWhenTheyShall() {
		this.runner.withPropertyValues("pubsub.redis.session.flush=after-commit")
			.run((context) -> assertThat(context).getBean(SessionScope.class)
				.isInstanceOf(TransactionSessionScope.class));
	}

	@Test
	void metersNeedRegistry() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(MicrometerStreamObserver.class));
		this.runner.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(MicrometerStreamObserver.class));
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MicrometerStreamObserver.class));
	}

	@Test
	void observationsNeedRegistry() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(ObservedHandlers.class));
		this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context).hasSingleBean(ObservedHandlers.class)
				.hasSingleBean(ObservedPublishing.class));
		this.runner.withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ObservedHandlers.class));
	}

	@Test
	void healthIsThereUnlessDisabled() {
		this.runner.run((context) -> assertThat(context).getBean("pubsubHealthIndicator")
			.isInstanceOf(PubSubHealthIndicator.class));
		this.runner.withPropertyValues("management.health.pubsub.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PubSubHealthIndicator.class));
		this.runner.withPropertyValues("pubsub.redis.consumer.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PubSubHealthIndicator.class));
		this.runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PubSubHealthIndicator.class));
	}

	@Test
	void endpointIsThereWhenItIsExposed() {
		WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(ALL)
			.withPropertyValues(URL);
		web.run((context) -> assertThat(context).doesNotHaveBean(PubSubEndpoint.class));
		web.withPropertyValues("management.endpoints.web.exposure.include=pubsub")
			.run((context) -> assertThat(context).hasSingleBean(PubSubEndpoint.class));
		web.withPropertyValues("management.endpoints.web.exposure.include=pubsub",
				"management.endpoint.pubsub.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(PubSubEndpoint.class));
	}

}
