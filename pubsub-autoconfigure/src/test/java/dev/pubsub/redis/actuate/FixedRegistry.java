package dev.pubsub.redis.actuate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

/**
 * A registry of given containers.
 */
class FixedRegistry implements StreamListenerContainerRegistry {

	private final List<StreamListenerContainer> containers;

	FixedRegistry(StreamListenerContainer... containers) {
		this.containers = List.of(containers);
	}

	@Override
	public StreamListenerContainer register(Subscription subscription, String declaredBy) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Optional<StreamListenerContainer> getContainer(String id) {
		return this.containers.stream().filter((container) -> container.getId().equals(id)).findFirst();
	}

	@Override
	public Collection<StreamListenerContainer> getContainers() {
		return this.containers;
	}

	@Override
	public void start(String id) {
		getContainer(id).orElseThrow().start();
	}

	@Override
	public void stop(String id) {
		getContainer(id).orElseThrow().stop();
	}

	@Override
	public void pause(String id) {
		getContainer(id).orElseThrow().pause();
	}

	@Override
	public void resume(String id) {
		getContainer(id).orElseThrow().resume();
	}

	@Override
	public void pause() {
		this.containers.forEach(StreamListenerContainer::pause);
	}

	@Override
	public void resume() {
		this.containers.forEach(StreamListenerContainer::resume);
	}

	@Override
	public void start() {
		this.containers.forEach(StreamListenerContainer::start);
	}

	@Override
	public void stop() {
		this.containers.forEach(StreamListenerContainer::stop);
	}

	@Override
	public boolean isRunning() {
		return true;
	}

}
