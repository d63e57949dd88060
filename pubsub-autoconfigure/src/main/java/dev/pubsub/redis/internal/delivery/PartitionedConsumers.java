package dev.pubsub.redis.internal.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.internal.partition.PartitionLayouts;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Outages;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumers of a partitioned stream: those of its partitions, once Redis has told
 * which there are, and those of the stream itself, which has what cron jobs and programs
 * write that know nothing of partitions. In order, they are those of the partitions that
 * this instance owns. Together they run as many handlers as those of one stream.
 * {@code lock} guards the parts; nothing under it waits.
 */
public final class PartitionedConsumers implements SubscriptionConsumers, OwnedPartitions.Parts {

	private static final Logger logger = LoggerFactory.getLogger(PartitionedConsumers.class);

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

	private final Set<StreamConsumers> ending = ConcurrentHashMap.newKeySet();

	private volatile Outages outages;

	private StreamConsumers.Company company;

	private @Nullable LayoutWatch watch;

	private volatile @Nullable OwnedPartitions owned;

	/** Whether the partitions to read are known. */
	private volatile boolean layoutRead;

	/** Whether each stream of the first share was read. */
	private volatile boolean polled;

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
		this.number = settings.apply(stream).handling().ordered() ? 1 : number;
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
			this.polled = false;
			this.layoutRead = false;
			begin(this.stream);
			OutageLog outage = this.outages.log(logger, "Looking for the partitions of " + this.stream);
			LayoutWatch started = new LayoutWatch(this.settings.apply(this.stream), this.layouts, this.runtime, outage,
					this::read);
			this.watch = started;
			started.start();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public StreamConsumers begin(String stream) {
		this.lock.lock();
		try {
			StreamConsumers part = new StreamConsumers(this.company, this.settings.apply(stream), this.call,
					this.runtime, this.onPoll);
			part.start();
			part.setPaused(this.paused);
			this.parts.add(part);
			return part;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletableFuture<Void> giveBack(StreamConsumers part) {
		return part.giveBack().whenComplete((ignored, failure) -> {
			this.parts.remove(part);
			this.ending.remove(part);
		});
	}

	@Override
	public List<StreamConsumers> all() {
		return List.copyOf(this.parts);
	}

	/**
	 * Read these partitions, and no others.
	 */
	private void read(List<String> partitions) {
		this.lock.lock();
		try {
			if (this.watch == null) {
				return;
			}
			if (this.settings.apply(this.stream).handling().ordered()) {
				own(partitions);
			}
			else {
				// What broke off goes on where it was.
				Set<String> present = this.parts.stream().map(StreamConsumers::stream).collect(Collectors.toSet());
				partitions.stream().filter((partition) -> !present.contains(partition)).forEach(this::begin);
				this.parts.stream()
					.filter((part) -> !part.stream().equals(this.stream) && !partitions.contains(part.stream()))
					.filter(this.ending::add)
					.forEach(this::giveBack);
			}
			this.layoutRead = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void own(List<String> partitions) {
		OwnedPartitions sharing = this.owned;
		if (sharing == null) {
			DeliverySettings ofStream = this.settings.apply(this.stream);
			OutageLog outage = this.outages.log(logger, "Sharing the partitions of " + ofStream.group());
			String instance = ConsumerName.unique(ofStream.reading().consumer()).replaceAll("\\s", "_");
			sharing = new OwnedPartitions(ofStream, instance, partitions, this, this.runtime, outage, this.onPoll);
			this.owned = sharing;
			sharing.start();
		}
		else {
			sharing.share(partitions);
		}
	}

	@Override
	public CompletableFuture<Void> stop() {
		OwnedPartitions sharing = stopOpening();
		if (sharing != null) {
			// Without the lock, since it begins parts under a lock of its own.
			sharing.stop();
		}
		this.lock.lock();
		try {
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

	private @Nullable OwnedPartitions stopOpening() {
		this.lock.lock();
		try {
			if (this.watch != null) {
				this.watch.stop();
				this.watch = null;
			}
			OwnedPartitions sharing = this.owned;
			this.owned = null;
			return sharing;
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
		OwnedPartitions sharing = this.owned;
		List<StreamConsumers> present = List.copyOf(this.parts);
		List<Instant> polls = present.stream().map(StreamConsumers::lastPoll).filter(Objects::nonNull).toList();
		if (sharing != null) {
			this.polled |= sharing.lastPoll() != null && polls.size() == present.size();
			return this.polled ? Stream.concat(Stream.ofNullable(sharing.lastPoll()), polls.stream())
				.min(Instant::compareTo)
				.orElse(null) : null;
		}
		return (!this.layoutRead || polls.size() < present.size()) ? null
				: polls.stream().min(Instant::compareTo).orElse(null);
	}

	@Override
	public Map<String, OwnershipView> ownerships() {
		Map<String, OwnershipView> ownerships = new LinkedHashMap<>();
		OwnedPartitions sharing = this.owned;
		if (sharing != null) {
			ownerships.putAll(sharing.ownerships());
		}
		this.parts.forEach((part) -> part.ownerships().forEach((name, ownership) -> {
			OwnershipView told = ownerships.get(name);
			int standby = (told != null) ? told.standby() : ownership.standby();
			ownerships.put(name, new OwnershipView(ownership.owner(), ownership.token(), ownership.isHere(), standby));
		}));
		return ownerships;
	}

	@Override
	public List<Outage> outages() {
		return this.outages.present();
	}

	@Override
	public DeliveryActivity activity() {
		List<List<StreamConsumer>> consumers = this.parts.stream().map(StreamConsumers::reading).toList();
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
		return (layout != null) ? layout.all() : List.of();
	}

}
