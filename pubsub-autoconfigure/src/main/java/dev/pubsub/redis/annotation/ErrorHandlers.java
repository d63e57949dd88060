package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pubsub.redis.listener.StreamErrorHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * The error handler beans: those that a subscription names are for it alone, the others
 * for all that name none. Those of parent contexts count too.
 */
final class ErrorHandlers {

	private final Map<String, StreamErrorHandler> beans;

	private final List<StreamErrorHandler> common;

	ErrorHandlers(ListableBeanFactory beanFactory, Set<String> named) {
		this.beans = BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, StreamErrorHandler.class);
		this.common = this.beans.entrySet()
			.stream()
			.filter((bean) -> !named.contains(bean.getKey()))
			.map(Map.Entry::getValue)
			.sorted(AnnotationAwareOrderComparator.INSTANCE)
			.toList();
	}

	/**
	 * Return the error handler of a subscription.
	 * @param declaration where it is declared
	 * @param name name of the bean, {@code null} if it names none
	 * @return the error handler, {@code null} if there is none
	 */
	@Nullable StreamErrorHandler get(Declaration declaration, @Nullable String name) {
		if (name == null) {
			return common();
		}
		StreamErrorHandler handler = this.beans.get(name);
		if (handler == null) {
			throw declaration.invalid("'onError' names no StreamErrorHandler bean: \"%s\" (there are %s)"
				.formatted(name, this.beans.keySet()), "Define a bean of that name, or correct 'onError'.");
		}
		return handler;
	}

	private @Nullable StreamErrorHandler common() {
		if (this.common.size() < 2) {
			return this.common.isEmpty() ? null : this.common.get(0);
		}
		return (failure) -> callAll(this.common, failure);
	}

	private static void callAll(Collection<StreamErrorHandler> handlers, StreamErrorHandler.FailedAttempt failure) {
		List<RuntimeException> thrown = new ArrayList<>();
		for (StreamErrorHandler handler : handlers) {
			try {
				handler.onError(failure);
			}
			catch (RuntimeException ex) {
				thrown.add(ex);
			}
		}
		if (!thrown.isEmpty()) {
			RuntimeException first = thrown.get(0);
			thrown.stream().skip(1).forEach(first::addSuppressed);
			throw first;
		}
	}

}
