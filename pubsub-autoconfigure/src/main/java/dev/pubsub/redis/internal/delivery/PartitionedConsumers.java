package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.internal.partition.PartitionLayouts;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Outages;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumers of a partitioned stream: those of its partitions, once Redis has told
 * which there are, and those of the stream itself, which has what cron jobs and programs
 * write that know nothing of partitions. Together they run as many handlers as those of
 * one stream. {@code lock} guards the parts; nothing under it waits.
 */
public final class PartitionedConsumers implements SubscriptionConsumers {

	private static final Logger logger = LoggerFactory.getLogger(PartitionedConsumers.class);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private final int number;

	private final String stream;

	private final Function<String, DeliverySettings> settings;

	private final PartitionLayouts layouts;

	private final HandlerCall call;

	private final DeliveryRuntime runtime;

	private final Runnable onPoll;

	private final StackTraces stackTraces = new StackTraces();

	private final ReentrantLock lock = new ReentrantLock();

	private final List<StreamConsumers> parts = new CopyOnWriteArrayList<>();

	private volatile Outages outages;

	private StreamConsumers.Company company;

	private @Nullable Loop opening;

	private boolean paused;

	/**
	 * Create consumers, to be started.
	 * @param number consumers of each stream
	 * @param stream name of the partitioned stream
	 * @param settings gives the settings for the stream, and for a partition
	 * @param layouts tells of the partitions
	 * @param onPoll called when Redis answered a read, on a driver's thread
	 */
	public PartitionedConsumers(int number, String stream, Function<String, DeliverySettings> settings,
			PartitionLayouts layouts, HandlerCall call, DeliveryRuntime runtime, Runnable onPoll) {
		this.number = number;
		this.stream = stream;
		this.settings = settings;
		this.layouts = layouts;
		this.call = call;
		this.runtime = runtime;
		this.onPoll = onPoll;
		this.outages = runtime.outages();
		this.company = company();
	}

	private StreamConsumers.Company company() {
		int threads = this.settings.apply(this.stream).handling().threads();
		List<@Nullable SharedWorkers> workers = new ArrayList<>();
		IntStream.range(0, this.number).forEach((i) -> workers.add(new SharedWorkers(threads)));
		return new StreamConsumers.Company(workers, this.stackTraces, this.outages);
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			this.outages = this.runtime.outages();
			this.company = company();
			this.paused = false;
			open(this.stream);
			OutageLog outage = this.outages.log(logger, "Looking for the partitions of " + this.stream);
			Loop loop = new Loop("Reading the partitions of " + this.stream, this.runtime.threads().tasks(),
					this.runtime.threads().timer(), () -> openPartitions(outage));
			this.opening = loop;
			loop.wake();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void open(String stream) {
		StreamConsumers part = new StreamConsumers(this.company, this.settings.apply(stream), this.call, this.runtime,
				this.onPoll);
		part.start();
		part.setPaused(this.paused);
		this.parts.add(part);
	}

	private void openPartitions(OutageLog outage) {
		Loop loop = this.opening;
		PartitionLayout layout = this.layouts.known(this.stream);
		if (loop == null) {
			return;
		}
		if (layout == null) {
			this.layouts.load(this.stream, Deadline.after(PATIENCE)).whenComplete((loaded, failure) -> {
				if (failure != null) {
					loop.wakeAfter(outage.failed(failure, "trying again until it works", RETRY_DELAY));
				}
				else {
					outage.succeeded();
					loop.wake();
				}
			});
			return;
		}
		this.lock.lock();
		try {
			// What broke off goes on where it was.
			while (this.opening == loop && this.parts.size() <= layout.count()) {
				open(layout.partitions().get(this.parts.size() - 1));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletableFuture<Void> stop() {
		this.lock.lock();
		try {
			if (this.opening != null) {
				this.opening.stop();
				this.opening = null;
			}
			List<StreamConsumers> stopping = List.copyOf(this.parts);
			CompletableFuture<?>[] stops = stopping.stream()
				.map(StreamConsumers::stop)
				.toArray(CompletableFuture<?>[]::new);
			return CompletableFuture.allOf(stops).whenComplete((ignored, failure) -> this.parts.removeAll(stopping));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void setPaused(boolean paused) {
		this.lock.lock();
		try {
			this.paused = paused;
			this.parts.forEach((part) -> part.setPaused(paused));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public @Nullable Instant lastPoll() {
		PartitionLayout layout = this.layouts.known(this.stream);
		List<Instant> polls = this.parts.stream().map(StreamConsumers::lastPoll).filter(Objects::nonNull).toList();
		return (layout == null || polls.size() <= layout.count()) ? null
				: polls.stream().min(Instant::compareTo).orElse(null);
	}

	@Override
	public List<Outage> outages() {
		return this.outages.present();
	}

	@Override
	public DeliveryActivity activity() {
		List<List<StreamConsumer>> consumers = this.parts.stream().map(StreamConsumers::consumers).toList();
		int threads = this.settings.apply(this.stream).handling().threads();
		return DeliveryActivity.sum(IntStream.range(0, consumers.isEmpty() ? 0 : this.number)
			.mapToObj((i) -> consumers.stream().filter((ofPart) -> i < ofPart.size()).map((ofPart) -> ofPart.get(i)))
			.map(Stream::toList)
			.map((sharing) -> Activity.of(threads, sharing, this.runtime))
			.toList());
	}

	@Override
	public boolean retryNow(String stream, EntryId id) {
		return this.parts.stream().anyMatch((part) -> part.retryNow(stream, id));
	}

	@Override
	public boolean isCalledByHandler() {
		return this.parts.stream().anyMatch(StreamConsumers::isCalledByHandler);
	}

	@Override
	public List<String> partitions() {
		PartitionLayout layout = this.layouts.known(this.stream);
		return (layout != null) ? layout.partitions() : List.of();
	}

}
