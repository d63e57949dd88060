package dev.pubsub.redis.producer.web;

import java.util.function.Supplier;

import dev.pubsub.redis.producer.RedisStreamProducer;

import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/**
 * Adds the {@link ReactiveSessionArgumentResolver} to WebFlux.
 *
 * @since 0.1.0
 */
public final class ReactiveSessionConfigurer implements WebFluxConfigurer {

	private final Supplier<RedisStreamProducer> producer;

	/**
	 * Create a configurer.
	 * @param producer where the sessions come from
	 */
	public ReactiveSessionConfigurer(Supplier<RedisStreamProducer> producer) {
		this.producer = producer;
	}

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		configurer.addCustomResolver(new ReactiveSessionArgumentResolver(this.producer.get()));
	}

}
