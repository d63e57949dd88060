package dev.pubsub.redis.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.ReadableDuration;
import dev.pubsub.redis.internal.delivery.DeliveryRuntime;
import dev.pubsub.redis.internal.delivery.PartitionedConsumers;
import dev.pubsub.redis.internal.delivery.StreamConsumers;
import dev.pubsub.redis.internal.delivery.SubscriptionConsumers;
import dev.pubsub.redis.internal.partition.PartitionLayouts;
import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Starts, pauses and stops the consumers of one subscription. Thread-safe: {@code lock}
 * guards the state together with the consumers; nothing under it waits for Redis or for a
 * handler, and nobody is told of a change under it.
 */
final class DefaultStreamListenerContainer implements StreamListenerContainer {

	private static final Logger logger = LoggerFactory.getLogger(DefaultStreamListenerContainer.class);

	private final Subscription subscription;

	private volatile Subscription described;

	private final ListenerRuntime runtime;

	private final StateChanges changes;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ContainerState state = ContainerState.STOPPED;

	private volatile @Nullable Instant stateSince;

	private final SubscriptionConsumers consumers;

	private volatile @Nullable Outage startFailure;

	private boolean startsAgain;

	private CompletableFuture<Void> stopping = CompletableFuture.completedFuture(null);

	DefaultStreamListenerContainer(Subscription subscription, ListenerRuntime runtime) {
		this.subscription = subscription;
		this.described = subscription;
		this.runtime = runtime;
		this.changes = new StateChanges(runtime.events());
		this.consumers = consumers(subscription, runtime.delivery());
	}

	private SubscriptionConsumers consumers(Subscription subscription, DeliveryRuntime delivery) {
		ContainerOptions options = subscription.options();
		String stream = subscription.stream();
		SubscriptionCall call = new SubscriptionCall(subscription, delivery.ticker());
		if (options.partitions() == 0) {
			return new StreamConsumers(options.processes(), subscription.deliverySettings(stream), call, delivery,
					this::polled);
		}
		PartitionLayouts layouts = new PartitionLayouts(Map.of(stream, options.partitions()), delivery.control());
		return new PartitionedConsumers(options.processes(), stream, subscription::deliverySettings, layouts, call,
				delivery, this::polled);
	}

	@Override
	public String getId() {
		return this.subscription.id();
	}

	@Override
	public Subscription getSubscription() {
		Subscription subscription = this.described;
		List<String> partitions = this.consumers.partitions();
		if (!partitions.equals(subscription.partitions())) {
			subscription = subscription.withPartitions(partitions);
			this.described = subscription;
		}
		return subscription;
	}

	@Override
	public ContainerState getState() {
		return this.state;
	}

	@Override
	public @Nullable Instant getLastPoll() {
		return this.consumers.lastPoll();
	}

	@Override
	public List<Outage> getOutages() {
		Outage failed = this.startFailure;
		return switch (this.state) {
			case STOPPED -> List.of();
			case FAILED -> (failed != null) ? List.of(failed) : List.of();
			case STARTING, RUNNING, PAUSED, STOPPING -> this.consumers.outages();
		};
	}

	@Override
	public @Nullable Instant getStateSince() {
		return this.stateSince;
	}

	@Override
	public ContainerActivity getActivity() {
		return ContainerActivity.of(this.consumers.activity());
	}

	@Override
	public Map<String, ContainerOwnership> getOwnerships() {
		Map<String, ContainerOwnership> ownerships = new LinkedHashMap<>();
		this.consumers.ownerships().forEach((name, view) -> ownerships.put(name, ContainerOwnership.of(view)));
		return Collections.unmodifiableMap(ownerships);
	}

	@Override
	public boolean retryNow(String stream, RecordId id) {
		return this.consumers.retryNow(stream, EntryId.parse(id.getValue()));
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			this.startsAgain = this.state == ContainerState.STOPPING;
			if (this.state.isStartable()) {
				startConsumers();
			}
		}
		finally {
			this.lock.unlock();
			this.changes.tell();
		}
	}

	/**
	 * Start the consumers, under the lock, so that a stop or a pause finds them started.
	 */
	private void startConsumers() {
		become(ContainerState.STARTING);
		warnOfShortTimeout();
		try {
			this.consumers.start();
		}
		catch (RuntimeException | Error ex) {
			logger.error("Cannot start {}", this.subscription, FailureText.loggable(ex));
			this.startFailure = Outage.of("Starting", this.runtime.delivery().clock().instant(), FailureText.of(ex));
			become(ContainerState.FAILED, ex);
			throw ex;
		}
	}

	@Override
	public void stop() {
		join(stopAsync());
	}

	/**
	 * Wait for a stop, unless the thread that asks is running a handler of this container
	 * and would wait for itself.
	 */
	void join(CompletableFuture<Void> stopped) {
		if (!this.consumers.isCalledByHandler()) {
			stopped.join();
		}
	}

	@Override
	public void stop(Runnable callback) {
		stopAsync().whenComplete((ignored, failure) -> callback.run());
	}

	/**
	 * Stop on other threads.
	 * @return completes when it is stopped, whoever began that
	 */
	CompletableFuture<Void> stopAsync() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.lock.lock();
		try {
			this.startsAgain = false;
			if (this.state == ContainerState.STOPPING) {
				return this.stopping;
			}
			if (!become(ContainerState.STOPPING)) {
				return CompletableFuture.completedFuture(null);
			}
			this.stopping = done;
		}
		finally {
			this.lock.unlock();
		}
		// Before anybody is told, who may wait for the stop.
		this.consumers.stop().whenComplete((ignored, failure) -> stopped(done, failure));
		this.changes.tell();
		return done;
	}

	private void stopped(CompletableFuture<Void> done, @Nullable Throwable failure) {
		if (failure != null) {
			logger.warn("Stopping {} was not tidy", this.subscription, FailureText.loggable(failure));
		}
		this.lock.lock();
		try {
			become(ContainerState.STOPPED);
		}
		finally {
			this.lock.unlock();
		}
		this.changes.tell();
		done.complete(null);
		startAgain();
	}

	/**
	 * Start if somebody asked for it since the stop began, and nobody for another stop.
	 */
	private void startAgain() {
		this.lock.lock();
		try {
			if (this.startsAgain && this.state.isStartable()) {
				this.startsAgain = false;
				startConsumers();
			}
		}
		finally {
			this.lock.unlock();
			this.changes.tell();
		}
	}

	@Override
	public void pause() {
		this.lock.lock();
		try {
			if (become(ContainerState.PAUSED)) {
				this.consumers.setPaused(true);
			}
		}
		finally {
			this.lock.unlock();
		}
		this.changes.tell();
	}

	@Override
	public void resume() {
		this.lock.lock();
		try {
			if (this.state == ContainerState.PAUSED) {
				become(this.consumers.isPolling() ? ContainerState.RUNNING : ContainerState.STARTING);
				this.consumers.setPaused(false);
			}
		}
		finally {
			this.lock.unlock();
		}
		this.changes.tell();
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
					this.subscription, ReadableDuration.of(timeout), ReadableDuration.of(lease));
		}
	}

	private void polled() {
		if (this.state != ContainerState.STARTING || !this.consumers.isPolling()) {
			return;
		}
		this.lock.lock();
		try {
			// Meanwhile it may have been paused, and only resume() ends a pause.
			if (this.state == ContainerState.STARTING) {
				become(ContainerState.RUNNING);
			}
		}
		finally {
			this.lock.unlock();
		}
		tellLater();
	}

	/**
	 * Tell on another thread, since this may be the driver's.
	 */
	private void tellLater() {
		this.runtime.threads().run("Telling of " + this.subscription, this.changes::tell);
	}

	/**
	 * Change the state, if that is possible. Under the lock, together with what the
	 * change means for the consumers; who called it tells of it without the lock.
	 */
	private boolean become(ContainerState next) {
		return become(next, null);
	}

	private boolean become(ContainerState next, @Nullable Throwable cause) {
		if (!this.state.canBecome(next)) {
			return false;
		}
		this.stateSince = this.runtime.delivery().clock().instant();
		this.state = next;
		this.changes.add(new ContainerEvent(getId(), next, cause));
		if (next != ContainerState.STARTING && next != ContainerState.STOPPING && next != ContainerState.FAILED) {
			logger.info("Container {} is {}", this.subscription, next.name().toLowerCase(Locale.ROOT));
		}
		return true;
	}

}
