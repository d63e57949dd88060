package dev.pubsub.sample.redis;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches when nothing says which Redis to use.
 */
class NoRedisConfigured extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		boolean configured = environment.containsProperty("pubsub.redis.url") || Binder.get(environment)
			.bind("spring.data.redis", Bindable.mapOf(String.class, Object.class))
			.isBound();
		return configured ? ConditionOutcome.noMatch(message().because("a Redis is configured"))
				: ConditionOutcome.match(message().because("no Redis is configured"));
	}

	private static ConditionMessage.Builder message() {
		return ConditionMessage.forCondition("Embedded Redis");
	}

}
