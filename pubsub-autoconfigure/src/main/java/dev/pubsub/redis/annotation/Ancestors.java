package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.pubsub.redis.DuplicateSubscriptionException;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * What the parents of a context have declared: it must not be declared again, since each
 * context reads by itself.
 */
final class Ancestors {

	private final List<StreamListenerContainerRegistry> registries = new ArrayList<>();

	private final Set<String> namedErrorHandlers = new HashSet<>();

	Ancestors(ConfigurableListableBeanFactory beanFactory) {
		BeanFactory parent = beanFactory.getParentBeanFactory();
		while (parent instanceof ConfigurableListableBeanFactory beans) {
			this.registries.addAll(beans.getBeansOfType(StreamListenerContainerRegistry.class, false, false).values());
			beans.getBeansOfType(StreamSubscribeProcessor.class, false, false)
				.values()
				.forEach((processor) -> this.namedErrorHandlers.addAll(processor.namedErrorHandlers()));
			parent = beans.getParentBeanFactory();
		}
	}

	/**
	 * Return the names of error handlers that are for single subscriptions.
	 */
	Set<String> namedErrorHandlers() {
		return this.namedErrorHandlers;
	}

	void refuseDuplicate(Subscription subscription, Declaration declaration) {
		for (StreamListenerContainerRegistry registry : this.registries) {
			for (StreamListenerContainer container : registry.getContainers()) {
				Subscription other = container.getSubscription();
				String place = "container \"%s\" of a parent context".formatted(other.id());
				if (other.stream().equals(subscription.stream()) && other.group().equals(subscription.group())) {
					throw new DuplicateSubscriptionException(other.stream(), other.group(), place,
							declaration.declaredBy());
				}
				if (other.id().equals(subscription.id())) {
					throw new InvalidSubscriptionException(declaration.declaredBy(),
							"'id' must be unique, \"%s\" is that of %s".formatted(other.id(), place),
							"Give each subscription an 'id' of its own.");
				}
			}
		}
	}

}
