package dev.pubsub.redis.internal.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.Outages;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one subscription in this process, from a start to a stop. They share
 * their knowledge of the group. Thread-safe; starts and stops must not overlap.
 */
public final class StreamConsumers {

	private final int number;

	private final DeliverySettings settings;

	private final HandlerCall call;

	private final DeliveryRuntime runtime;

	private final Runnable onPoll;

	private final StackTraces stackTraces = new StackTraces();

	private volatile Outages outages;

	private volatile List<GroupConsumer> consumers = List.of();

	/**
	 * Create consumers, to be started.
	 * @param number how many
	 * @param onPoll called when Redis answered a read, on a driver's thread
	 */
	public StreamConsumers(int number, DeliverySettings settings, HandlerCall call, DeliveryRuntime runtime,
			Runnable onPoll) {
		this.number = number;
		this.settings = settings;
		this.call = call;
		this.runtime = runtime;
		this.onPoll = onPoll;
		this.outages = runtime.outages();
	}

	/**
	 * Start. When that fails, those that started stop again.
	 */
	public void start() {
		this.outages = this.runtime.outages();
		try {
			GroupProgress progress = new GroupProgress();
			FailureReports reports = new FailureReports(this.outages, this.stackTraces);
			UnreadEntries unread = new UnreadEntries(this.settings, this.runtime);
			StreamConsumerFactory factory = new StreamConsumerFactory(this.settings, this.call, this.runtime, progress,
					unread, reports, this.onPoll);
			this.consumers = this.settings.handling().ordered() ? List.of(new OwnerConsumer(factory))
					: Stream.<GroupConsumer>generate(factory::shared).limit(this.number).toList();
			this.consumers.forEach(GroupConsumer::start);
		}
		catch (RuntimeException | Error ex) {
			this.consumers.forEach(this::stop);
			this.consumers = List.of();
			throw ex;
		}
	}

	/**
	 * Stop on other threads.
	 * @return completes when they have stopped
	 */
	public CompletableFuture<Void> stop() {
		CompletableFuture<?>[] stops = this.consumers.stream().map(this::stop).toArray(CompletableFuture<?>[]::new);
		return CompletableFuture.allOf(stops).whenComplete((ignored, failure) -> this.consumers = List.of());
	}

	private CompletableFuture<Void> stop(GroupConsumer consumer) {
		return this.runtime.threads().run("Stopping " + this.settings, consumer::stop);
	}

	public void setPaused(boolean paused) {
		this.consumers.forEach((consumer) -> consumer.setPaused(paused));
	}

	/**
	 * Return whether Redis answered a read of each.
	 */
	public boolean isPolling() {
		return lastPoll() != null;
	}

	/**
	 * Return the oldest of their last answered reads, {@code null} before each had one.
	 */
	public @Nullable Instant lastPoll() {
		List<Instant> polls = this.consumers.stream().map(GroupConsumer::lastPoll).filter(Objects::nonNull).toList();
		return (polls.size() < this.consumers.size()) ? null : polls.stream().min(Instant::compareTo).orElse(null);
	}

	/**
	 * Return what fails at this moment.
	 */
	public List<Outage> outages() {
		return this.outages.present();
	}

	/**
	 * Return who owns the stream, {@code null} where it has no owner, as far as this
	 * process knows.
	 */
	public @Nullable OwnershipView ownership() {
		return this.consumers.stream().map(GroupConsumer::ownership).filter(Objects::nonNull).findFirst().orElse(null);
	}

	public DeliveryActivity activity() {
		return DeliveryActivity.sum(this.consumers.stream().map(GroupConsumer::activity).toList());
	}

	/**
	 * Attempt a message now that waits for its next attempt.
	 * @return whether it waited here
	 */
	public boolean retryNow(EntryId id) {
		return this.consumers.stream().anyMatch((consumer) -> consumer.retryNow(id));
	}

	/**
	 * Return whether the calling thread runs one of their handlers.
	 */
	public boolean isCalledByHandler() {
		return this.consumers.stream().anyMatch(GroupConsumer::isCalledByHandler);
	}

}
