package dev.pubsub.sample.redis;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches when nothing says which Redis to use. How long to wait for it says nothing.
 */
class NoRedisConfigured extends SpringBootCondition {

	private static final Set<String> TIMES = Set.of("timeout", "connecttimeout");

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		boolean configured = environment.containsProperty("pubsub.redis.url") || Binder.get(environment)
			.bind("spring.data.redis", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of())
			.keySet()
			.stream()
			.anyMatch((name) -> !TIMES.contains(name.replace("-", "").toLowerCase(Locale.ROOT)));
		return configured ? ConditionOutcome.noMatch(message().because("a Redis is configured"))
				: ConditionOutcome.match(message().because("no Redis is configured"));
	}

	private static ConditionMessage.Builder message() {
		return ConditionMessage.forCondition("Embedded Redis");
	}

}
