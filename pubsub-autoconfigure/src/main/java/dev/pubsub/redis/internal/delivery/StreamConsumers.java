package dev.pubsub.redis.internal.delivery;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.Outages;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one stream. They share their knowledge of the group.
 */
public final class StreamConsumers implements SubscriptionConsumers {

	private final DeliverySettings settings;

	private final HandlerCall call;

	private final DeliveryRuntime runtime;

	private final Runnable onPoll;

	private final Company company;

	private volatile Outages outages;

	private volatile List<GroupConsumer> consumers = List.of();

	/**
	 * Create consumers, to be started.
	 * @param number how many
	 * @param onPoll called when Redis answered a read, on a driver's thread
	 */
	public StreamConsumers(int number, DeliverySettings settings, HandlerCall call, DeliveryRuntime runtime,
			Runnable onPoll) {
		this(new Company(Collections.nCopies(number, null), new StackTraces(), null), settings, call, runtime, onPoll);
	}

	StreamConsumers(Company company, DeliverySettings settings, HandlerCall call, DeliveryRuntime runtime,
			Runnable onPoll) {
		this.company = company;
		this.settings = settings;
		this.call = call;
		this.runtime = runtime;
		this.onPoll = onPoll;
		this.outages = runtime.outages();
	}

	@Override
	public void start() {
		this.outages = this.company.newOutages(this.runtime);
		try {
			GroupProgress progress = new GroupProgress();
			FailureReports reports = new FailureReports(this.outages, this.company.stackTraces());
			UnreadEntries unread = new UnreadEntries(this.settings, this.runtime);
			StreamConsumerFactory factory = new StreamConsumerFactory(this.settings, this.call, this.runtime, progress,
					unread, reports, this.onPoll);
			this.consumers = this.settings.handling().ordered()
					? List.of(new OwnerConsumer(factory, this.company.workers().get(0)))
					: this.company.workers().stream().<GroupConsumer>map(factory::shared).toList();
			this.consumers.forEach(GroupConsumer::start);
		}
		catch (RuntimeException | Error ex) {
			stop();
			this.consumers = List.of();
			throw ex;
		}
	}

	@Override
	public CompletableFuture<Void> stop() {
		return end(GroupConsumer::stop);
	}

	/**
	 * Stop on other threads, since another instance is to consume the stream.
	 * @return completes when they have stopped
	 */
	CompletableFuture<Void> giveBack() {
		return end(GroupConsumer::giveBack);
	}

	private CompletableFuture<Void> end(Consumer<GroupConsumer> how) {
		CompletableFuture<?>[] ends = this.consumers.stream()
			.map((consumer) -> this.runtime.threads().run("Stopping " + this.settings, () -> how.accept(consumer)))
			.toArray(CompletableFuture<?>[]::new);
		Outages ending = this.outages;
		return CompletableFuture.allOf(ends).whenComplete((ignored, failure) -> {
			this.consumers = List.of();
			ending.end();
		});
	}

	@Override
	public void setPaused(boolean paused) {
		this.consumers.forEach((consumer) -> consumer.setPaused(paused));
	}

	@Override
	public @Nullable Instant lastPoll() {
		List<Instant> polls = this.consumers.stream().map(GroupConsumer::lastPoll).filter(Objects::nonNull).toList();
		return (polls.size() < this.consumers.size()) ? null : polls.stream().min(Instant::compareTo).orElse(null);
	}

	@Override
	public List<Outage> outages() {
		return this.outages.present();
	}

	@Override
	public Map<String, OwnershipView> ownerships() {
		return this.consumers.stream()
			.map(GroupConsumer::ownership)
			.filter(Objects::nonNull)
			.findFirst()
			.map((ownership) -> Map.of(this.settings.stream(), ownership))
			.orElse(Map.of());
	}

	@Override
	public DeliveryActivity activity() {
		return DeliveryActivity.sum(this.consumers.stream().map(GroupConsumer::activity).toList());
	}

	@Override
	public boolean retryNow(String stream, EntryId id) {
		return this.settings.group().stream().equals(stream)
				&& this.consumers.stream().anyMatch((consumer) -> consumer.retryNow(id));
	}

	/**
	 * Return the stream that they read.
	 */
	String stream() {
		return this.settings.stream();
	}

	@Override
	public boolean isCalledByHandler() {
		return this.consumers.stream().anyMatch(GroupConsumer::isCalledByHandler);
	}

	/**
	 * Return the consumers that read: as many as there are processes, and none of a
	 * stream that another instance owns.
	 */
	List<StreamConsumer> reading() {
		return this.consumers.stream().map(GroupConsumer::reading).filter(Objects::nonNull).toList();
	}

	/**
	 * What consumers share with those of other streams of the same subscription.
	 *
	 * @param workers one element per consumer: what bounds its handlers, {@code null} if
	 * they are its own
	 * @param stackTraces which stack traces were logged
	 * @param outages what may fail, {@code null} if that is its own from each start on
	 */
	record Company(List<@Nullable SharedWorkers> workers, StackTraces stackTraces, @Nullable Outages outages) {

		Outages newOutages(DeliveryRuntime runtime) {
			return (this.outages != null) ? this.outages.part() : runtime.outages();
		}

	}

}
