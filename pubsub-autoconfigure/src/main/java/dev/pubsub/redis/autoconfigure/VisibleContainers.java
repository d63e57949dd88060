package dev.pubsub.redis.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The containers of a context and of its parents, to look at and to act on: each is in
 * the registry of the context that declared it.
 */
final class VisibleContainers implements StreamListenerContainerRegistry {

	private final List<StreamListenerContainerRegistry> registries;

	private VisibleContainers(List<StreamListenerContainerRegistry> registries) {
		this.registries = registries;
	}

	/**
	 * Return what a context sees.
	 * @param own registry of the context
	 * @param beanFactory beans of the context
	 * @return the registry itself where no parent has another one
	 */
	static StreamListenerContainerRegistry of(StreamListenerContainerRegistry own, BeanFactory beanFactory) {
		List<StreamListenerContainerRegistry> registries = new ArrayList<>(List.of(own));
		BeanFactory factory = beanFactory;
		while (factory instanceof ConfigurableListableBeanFactory beans) {
			beans.getBeansOfType(StreamListenerContainerRegistry.class, false, false)
				.values()
				.stream()
				.filter((registry) -> !registries.contains(registry))
				.forEach(registries::add);
			factory = beans.getParentBeanFactory();
		}
		return (registries.size() == 1) ? own : new VisibleContainers(registries);
	}

	@Override
	public StreamListenerContainer register(Subscription subscription, String declaredBy) {
		return this.registries.get(0).register(subscription, declaredBy);
	}

	@Override
	public Optional<StreamListenerContainer> getContainer(String id) {
		return this.registries.stream().flatMap((registry) -> registry.getContainer(id).stream()).findFirst();
	}

	@Override
	public Collection<StreamListenerContainer> getContainers() {
		return this.registries.stream().flatMap((registry) -> registry.getContainers().stream()).toList();
	}

	@Override
	public void pause() {
		this.registries.forEach(StreamListenerContainerRegistry::pause);
	}

	@Override
	public void resume() {
		this.registries.forEach(StreamListenerContainerRegistry::resume);
	}

	@Override
	public void start() {
		this.registries.forEach(StreamListenerContainerRegistry::start);
	}

	@Override
	public void stop() {
		this.registries.forEach(StreamListenerContainerRegistry::stop);
	}

	@Override
	public boolean isRunning() {
		return this.registries.stream().anyMatch(StreamListenerContainerRegistry::isRunning);
	}

}
