package dev.pubsub.redis.producer.web;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;

/**
 * Lets handler methods of WebFlux controllers take the {@link ProducerSession} of their
 * exchange as a parameter.
 *
 * @since 0.1.0
 */
public final class ReactiveSessionArgumentResolver implements HandlerMethodArgumentResolver {

	private final RedisStreamProducer producer;

	/**
	 * Create a resolver.
	 * @param producer where the sessions come from
	 */
	public ReactiveSessionArgumentResolver(RedisStreamProducer producer) {
		this.producer = producer;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == ProducerSession.class;
	}

	@Override
	public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext bindingContext,
			ServerWebExchange exchange) {
		return Mono.fromSupplier(() -> ReactiveSessions.of(exchange, this.producer));
	}

}
