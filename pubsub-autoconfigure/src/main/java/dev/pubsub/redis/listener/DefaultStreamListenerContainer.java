package dev.pubsub.redis.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, pauses and stops the consumers of one subscription. Thread-safe: {@code lock}
 * guards the state; nothing under it waits for Redis or for a handler.
 */
final class DefaultStreamListenerContainer implements StreamListenerContainer {

	private static final Logger logger = LoggerFactory.getLogger(DefaultStreamListenerContainer.class);

	private final Subscription subscription;

	private final ListenerRuntime runtime;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ContainerState state = ContainerState.STOPPED;

	private volatile List<StreamConsumer> consumers = List.of();

	DefaultStreamListenerContainer(Subscription subscription, ListenerRuntime runtime) {
		this.subscription = subscription;
		this.runtime = runtime;
	}

	@Override
	public String getId() {
		return this.subscription.id();
	}

	@Override
	public Subscription getSubscription() {
		return this.subscription;
	}

	@Override
	public ContainerState getState() {
		return this.state;
	}

	@Override
	public @Nullable Instant getLastPoll() {
		List<Instant> polls = this.consumers.stream()
			.map(StreamConsumer::lastPoll)
			.flatMap((poll) -> (poll != null) ? Stream.of(poll) : Stream.empty())
			.sorted()
			.toList();
		return (polls.isEmpty() || polls.size() < this.consumers.size()) ? null : polls.get(0);
	}

	@Override
	public void start() {
		if (!become(ContainerState.STARTING)) {
			return;
		}
		warnOfShortTimeout();
		List<StreamConsumer> started = Stream
			.generate(() -> new StreamConsumer(this.subscription, this.runtime, this::polled))
			.limit(this.subscription.options().processes())
			.toList();
		this.consumers = started;
		started.forEach(StreamConsumer::start);
	}

	@Override
	public void stop() {
		stopAsync().join();
	}

	@Override
	public void stop(Runnable callback) {
		stopAsync().whenComplete((ignored, failure) -> callback.run());
	}

	/**
	 * Stop on other threads.
	 * @return completes when it is stopped
	 */
	CompletableFuture<Void> stopAsync() {
		if (!become(ContainerState.STOPPING)) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<?>[] stops = this.consumers.stream()
			.map((consumer) -> CompletableFuture.runAsync(consumer::stop, this.runtime.threads().tasks()))
			.toArray(CompletableFuture<?>[]::new);
		return CompletableFuture.allOf(stops).whenComplete((ignored, failure) -> {
			if (failure != null) {
				logger.warn("Stopping {} was not tidy", this.subscription, failure);
			}
			this.consumers = List.of();
			become(ContainerState.STOPPED);
		});
	}

	@Override
	public void pause() {
		if (become(ContainerState.PAUSED)) {
			this.consumers.forEach((consumer) -> consumer.setPaused(true));
		}
	}

	@Override
	public void resume() {
		if (this.state == ContainerState.PAUSED && become(ContainerState.RUNNING)) {
			this.consumers.forEach((consumer) -> consumer.setPaused(false));
		}
	}

	@Override
	public boolean isRunning() {
		return this.state != ContainerState.STOPPED && this.state != ContainerState.FAILED;
	}

	@Override
	public boolean isAutoStartup() {
		return this.subscription.options().autoStartup();
	}

	private void warnOfShortTimeout() {
		Duration timeout = this.subscription.redelivery().timeout();
		Duration lease = this.subscription.options().lease();
		if (timeout.compareTo(lease.dividedBy(3)) < 0) {
			logger.info(
					"Handlers of {} are interrupted after {}; when this process dies, its messages wait for the"
							+ " lease of {}: a shorter lease brings them back sooner",
					this.subscription, timeout, lease);
		}
	}

	private void polled() {
		if (this.state == ContainerState.STARTING
				&& this.consumers.stream().map(StreamConsumer::lastPoll).allMatch(Objects::nonNull)) {
			become(ContainerState.RUNNING);
		}
	}

	private boolean become(ContainerState next) {
		this.lock.lock();
		try {
			if (!this.state.canBecome(next)) {
				return false;
			}
			this.state = next;
		}
		finally {
			this.lock.unlock();
		}
		if (next == ContainerState.RUNNING || next == ContainerState.STOPPED) {
			logger.info("Container {} is {}", this.subscription, next.name().toLowerCase(Locale.ROOT));
		}
		this.runtime.events().accept(new ContainerEvent(getId(), next, null));
		return true;
	}

}
