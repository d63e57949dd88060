package dev.pubsub.redis.annotation;

import java.lang.reflect.Method;

import dev.pubsub.redis.InvalidSubscriptionException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * A {@link StreamSubscribe} and where it stands.
 *
 * @param beanName name of the bean
 * @param beanType class of the bean, behind any proxy
 * @param method the annotated method
 * @param annotation the annotation, merged
 */
record Declaration(String beanName, Class<?> beanType, Method method, StreamSubscribe annotation) {

	/**
	 * Return the place as messages name it.
	 * @return class and method, such as {@code OrderListener.onPlaced}
	 */
	String location() {
		return ClassUtils.getShortName(this.beanType) + "." + this.method.getName();
	}

	/**
	 * Return the place with the bean, since a class may be that of several.
	 * @return the location and the name of the bean
	 */
	String declaredBy() {
		return "%s (bean \"%s\")".formatted(location(), this.beanName);
	}

	InvalidSubscriptionException invalid(String reason, String action) {
		return invalid(reason, action, null);
	}

	InvalidSubscriptionException invalid(String reason, String action, @Nullable Throwable cause) {
		return new InvalidSubscriptionException(location(), reason, action, cause);
	}

}
