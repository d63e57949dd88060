package dev.pubsub.redis.listener;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.pubsub.redis.DuplicateSubscriptionException;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.internal.concurrent.KeepAlive;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.SharedKeys;
import dev.pubsub.redis.internal.redis.StreamGroup;

/**
 * Keeps the containers and passes the application's lifecycle on to them. Thread-safe:
 * {@code lock} guards the maps; nothing under it waits.
 */
final class DefaultStreamListenerContainerRegistry implements StreamListenerContainerRegistry {

	private final SharedKeys sharedKeys = new SharedKeys("Subscribed to");

	private final ListenerRuntime runtime;

	private final ConnectionSource.Lease connections;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, DefaultStreamListenerContainer> containers = new LinkedHashMap<>();

	private final Map<StreamGroup, String> declarations = new LinkedHashMap<>();

	private final AtomicBoolean checked = new AtomicBoolean();

	private final KeepAlive keepAlive = new KeepAlive();

	private volatile boolean running;

	DefaultStreamListenerContainerRegistry(ListenerRuntime runtime, ConnectionSource.Lease connections) {
		this.runtime = runtime;
		this.connections = connections;
	}

	@Override
	public StreamListenerContainer register(Subscription subscription, String declaredBy) {
		SubscriptionKeys.require(subscription, this.runtime.names(), declaredBy);
		this.sharedKeys.look(subscription.stream());
		DefaultStreamListenerContainer container = new DefaultStreamListenerContainer(subscription, this.runtime);
		this.lock.lock();
		try {
			StreamGroup group = group(subscription);
			String first = this.declarations.putIfAbsent(group, declaredBy);
			if (first != null) {
				throw new DuplicateSubscriptionException(subscription.stream(), subscription.group(), first,
						declaredBy);
			}
			DefaultStreamListenerContainer other = this.containers.putIfAbsent(subscription.id(), container);
			if (other != null) {
				this.declarations.remove(group);
				throw new InvalidSubscriptionException(declaredBy,
						"'id' must be unique, \"%s\" is that of %s".formatted(subscription.id(),
								this.declarations.get(group(other.getSubscription()))),
						"Give each subscription an 'id' of its own.");
			}
		}
		finally {
			this.lock.unlock();
		}
		if (this.running) {
			this.keepAlive.hold();
			startUnlessStopped(container);
		}
		return container;
	}

	@Override
	public Optional<StreamListenerContainer> getContainer(String id) {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.containers.get(id));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Collection<StreamListenerContainer> getContainers() {
		return List.copyOf(all());
	}

	@Override
	public void pause() {
		forEach(StreamListenerContainer::pause);
	}

	@Override
	public void resume() {
		forEach(StreamListenerContainer::resume);
	}

	@Override
	public void start() {
		this.running = true;
		if (!all().isEmpty()) {
			this.keepAlive.hold();
			if (this.checked.compareAndSet(false, true)) {
				this.runtime.threads()
					.run("Checking Redis at the start", new StartupChecks(this.runtime.delivery().control()));
			}
		}
		all().forEach(this::startUnlessStopped);
	}

	/**
	 * Start a container with the registry. A stop of all at the same time may have missed
	 * it.
	 */
	private void startUnlessStopped(DefaultStreamListenerContainer container) {
		if (container.isAutoStartup()) {
			container.start();
			if (!this.running) {
				container.stopAsync();
			}
		}
	}

	@Override
	public void stop() {
		stopAll();
		all().forEach(DefaultStreamListenerContainer::stop);
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().whenComplete((ignored, failure) -> callback.run());
	}

	/**
	 * Also while it is being stopped: a context that closes meanwhile must wait, since it
	 * closes the connections next.
	 */
	@Override
	public boolean isRunning() {
		return this.running || all().stream().anyMatch((container) -> container.getState() == ContainerState.STOPPING);
	}

	@Override
	public void close() {
		stop();
		this.runtime.delivery().closeLinks();
		this.connections.close();
	}

	private static StreamGroup group(Subscription subscription) {
		return new StreamGroup(subscription.stream(), subscription.group());
	}

	private CompletableFuture<Void> stopAll() {
		this.running = false;
		this.keepAlive.release();
		return CompletableFuture
			.allOf(all().stream().map(DefaultStreamListenerContainer::stopAsync).toArray(CompletableFuture<?>[]::new));
	}

	private void forEach(Consumer<StreamListenerContainer> action) {
		all().forEach(action);
	}

	private List<DefaultStreamListenerContainer> all() {
		this.lock.lock();
		try {
			return List.copyOf(this.containers.values());
		}
		finally {
			this.lock.unlock();
		}
	}

}
