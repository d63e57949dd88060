package dev.pubsub.redis.autoconfigure;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches while there is no bean of the type that a method makes, but for those that this
 * auto-configuration made in a parent context.
 */
final class PerContextCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final String OURS = ClassUtils.getPackageName(PerContextCondition.class) + ".";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Class<?> type = ClassUtils.resolveClassName(((MethodMetadata) metadata).getReturnTypeName(),
				context.getClassLoader());
		ConditionMessage.Builder message = ConditionMessage.forCondition(PerContext.class);
		BeanFactory factory = context.getBeanFactory();
		boolean parent = false;
		while (factory instanceof ConfigurableListableBeanFactory beans) {
			for (String name : beans.getBeanNamesForType(type, true, false)) {
				if (!parent || !isOurs(beans, name)) {
					return ConditionOutcome.noMatch(message.found("bean").items(name));
				}
			}
			factory = beans.getParentBeanFactory();
			parent = true;
		}
		return ConditionOutcome.match(message.didNotFind("bean of the application").items(type.getName()));
	}

	private static boolean isOurs(ConfigurableListableBeanFactory beans, String name) {
		return beans.containsBeanDefinition(name)
				&& beans.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition
				&& definition.getFactoryMethodMetadata() != null
				&& definition.getFactoryMethodMetadata().getDeclaringClassName().startsWith(OURS + "PubSub");
	}

}
