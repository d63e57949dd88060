package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

import org.springframework.util.Assert;

/**
 * A registry that only remembers what was registered.
 */
class RecordingRegistry implements StreamListenerContainerRegistry {

	private final List<Subscription> subscriptions = new ArrayList<>();

	private final List<String> locations = new ArrayList<>();

	Subscription only() {
		Assert.state(this.subscriptions.size() == 1, () -> "Registered: " + this.subscriptions);
		return this.subscriptions.get(0);
	}

	List<Subscription> subscriptions() {
		return this.subscriptions;
	}

	List<String> locations() {
		return this.locations;
	}

	@Override
	@SuppressWarnings("NullAway")
	public StreamListenerContainer register(Subscription subscription, String declaredBy) {
		this.subscriptions.add(subscription);
		this.locations.add(declaredBy);
		return null;
	}

	@Override
	public Optional<StreamListenerContainer> getContainer(String id) {
		return Optional.empty();
	}

	@Override
	public Collection<StreamListenerContainer> getContainers() {
		return List.of();
	}

	@Override
	public void start(String id) {
	}

	@Override
	public void stop(String id) {
	}

	@Override
	public void pause(String id) {
	}

	@Override
	public void resume(String id) {
	}

	@Override
	public void pause() {
	}

	@Override
	public void resume() {
	}

	@Override
	public void start() {
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return false;
	}

}
