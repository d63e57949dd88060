package dev.pubsub.redis.listener;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.observe.StreamObserver;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A container with connections and threads of its own. Thread-safe: {@code lock} guards
 * which container is the present one.
 */
final class StandaloneStreamListenerContainer implements StreamListenerContainer {

	private final ConnectionSource source;

	private final Subscription subscription;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Running running;

	StandaloneStreamListenerContainer(ConnectionSource source, Subscription subscription) {
		this.source = source;
		this.subscription = subscription;
	}

	@Override
	public String getId() {
		return this.subscription.id();
	}

	@Override
	public Subscription getSubscription() {
		Running present = present();
		return (present != null) ? present.container.getSubscription() : this.subscription;
	}

	@Override
	public ContainerState getState() {
		Running present = present();
		return (present != null) ? present.container.getState() : ContainerState.STOPPED;
	}

	@Override
	public @Nullable Instant getLastPoll() {
		Running present = present();
		return (present != null) ? present.container.getLastPoll() : null;
	}

	@Override
	public List<Outage> getOutages() {
		Running present = present();
		return (present != null) ? present.container.getOutages() : List.of();
	}

	@Override
	public @Nullable Instant getStateSince() {
		Running present = present();
		return (present != null) ? present.container.getStateSince() : null;
	}

	@Override
	public ContainerActivity getActivity() {
		Running present = present();
		return (present != null) ? present.container.getActivity() : ContainerActivity.NONE;
	}

	@Override
	public Map<String, ContainerOwnership> getOwnerships() {
		Running present = present();
		return (present != null) ? present.container.getOwnerships() : Map.of();
	}

	@Override
	public boolean retryNow(String stream, RecordId id) {
		Running present = present();
		return present != null && present.container.retryNow(stream, id);
	}

	@Override
	public void pause() {
		Running present = present();
		if (present != null) {
			present.container.pause();
		}
	}

	@Override
	public void resume() {
		Running present = present();
		if (present != null) {
			present.container.resume();
		}
	}

	@Override
	public boolean isAutoStartup() {
		return this.subscription.options().autoStartup();
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			if (this.running == null) {
				this.running = Running.start(this.source, this.subscription);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void stop() {
		Running present = present();
		if (present != null) {
			present.container.join(stopAsync());
		}
	}

	@Override
	public void stop(Runnable callback) {
		stopAsync().whenComplete((ignored, failure) -> callback.run());
	}

	private CompletableFuture<Void> stopAsync() {
		Running present = present();
		return (present != null) ? present.stop().thenRun(() -> forget(present))
				: CompletableFuture.completedFuture(null);
	}

	private void forget(Running stopped) {
		this.lock.lock();
		try {
			if (this.running == stopped) {
				this.running = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		return present() != null;
	}

	private @Nullable Running present() {
		this.lock.lock();
		try {
			return this.running;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A container from its start to its stop, and what it needs.
	 */
	private static final class Running {

		private final DefaultStreamListenerContainer container;

		private final ListenerRuntime runtime;

		private final ConnectionSource.Lease connections;

		private final AtomicBoolean stopping = new AtomicBoolean();

		private final CompletableFuture<Void> stopped = new CompletableFuture<>();

		private Running(DefaultStreamListenerContainer container, ListenerRuntime runtime,
				ConnectionSource.Lease connections) {
			this.container = container;
			this.runtime = runtime;
			this.connections = connections;
		}

		static Running start(ConnectionSource source, Subscription subscription) {
			ConnectionSource.Lease connections = source.open();
			ListenerRuntime runtime = ListenerRuntime.of(connections.connections(), connections.threads(),
					StreamObserver.NONE, (event) -> {
					});
			DefaultStreamListenerContainer container = new DefaultStreamListenerContainer(subscription, runtime);
			container.start();
			return new Running(container, runtime, connections);
		}

		/**
		 * Stop the container, then close what it needs, however many ask for it.
		 */
		CompletableFuture<Void> stop() {
			if (this.stopping.compareAndSet(false, true)) {
				this.container.stopAsync().whenComplete((ignored, failure) -> close());
			}
			return this.stopped;
		}

		private void close() {
			try {
				this.runtime.delivery().closeLinks();
				this.connections.close();
			}
			finally {
				this.stopped.complete(null);
			}
		}

	}

}
