package dev.pubsub.redis.producer.web;

import java.util.function.Supplier;

import dev.pubsub.redis.producer.RedisStreamProducer;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/**
 * Adds the {@link ReactiveSessionArgumentResolver} to WebFlux.
 *
 * @since 0.1.0
 */
public final class ReactiveSessionConfigurer implements WebFluxConfigurer {

	private final Supplier<@Nullable RedisStreamProducer> producer;

	/**
	 * Create a configurer.
	 * @param producer where the sessions come from; with none, handler methods cannot
	 * take a session
	 */
	public ReactiveSessionConfigurer(Supplier<@Nullable RedisStreamProducer> producer) {
		this.producer = producer;
	}

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		RedisStreamProducer found = this.producer.get();
		if (found != null) {
			configurer.addCustomResolver(new ReactiveSessionArgumentResolver(found));
		}
	}

}
