package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.partition.FairShare;
import dev.pubsub.redis.internal.redis.GroupShares;
import dev.pubsub.redis.internal.redis.GroupShares.Owned;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.Shares;
import dev.pubsub.redis.internal.redis.Shares.Share;
import org.jspecify.annotations.Nullable;

/**
 * Strives for a fair share of the partitions of a stream. Each instance says that it is
 * there and what it owns, hears the same of all others, and comes to the same result as
 * they do; what it has beyond its share it gives back. Who owns a partition is decided by
 * the lease of the partition alone. Thread-safe: {@code lock} guards the parts; nothing
 * under it waits.
 */
final class OwnedPartitions {

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private static final Duration NO_CONNECTION_DELAY = Duration.ofMillis(50);

	private final String instance;

	private volatile List<String> partitions;

	private final Parts parts;

	private final DeliveryRuntime runtime;

	private final RedisLink control;

	private final GroupShares shares;

	private final Duration pause;

	private final OutageLog outage;

	private final Loop beats;

	private final Loop changes;

	private final Runnable onPoll;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, StreamConsumers> present = new LinkedHashMap<>();

	private final Map<String, CompletableFuture<Void>> ending = new HashMap<>();

	private volatile @Nullable Shares known;

	private volatile @Nullable Instant answered;

	/** Whether this instance knows the first share, and reads it. */
	private volatile boolean begun;

	private volatile boolean stopped;

	/**
	 * Create an instance that has no share.
	 * @param settings of the partitioned stream
	 * @param instance name of this instance, used once
	 * @param partitions names of all partitions
	 * @param parts begins and ends the consumers of a partition
	 * @param outage tells when Redis does not answer
	 * @param onPoll called when Redis answered, on a driver's thread
	 */
	OwnedPartitions(DeliverySettings settings, String instance, List<String> partitions, Parts parts,
			DeliveryRuntime runtime, OutageLog outage, Runnable onPoll) {
		this.instance = instance;
		this.partitions = partitions;
		this.parts = parts;
		this.runtime = runtime;
		this.outage = outage;
		this.onPoll = onPoll;
		this.control = runtime.control().following(settings.stream());
		this.shares = new GroupShares(this.control, settings.group(), settings.lease());
		Duration third = settings.lease().dividedBy(3);
		this.pause = (third.compareTo(LONGEST_PAUSE) < 0) ? third : LONGEST_PAUSE;
		this.beats = new Loop("Sharing " + settings.group(), Runnable::run, runtime.threads().timer(), this::beat);
		this.changes = new Loop("Taking a share of " + settings.group(), runtime.threads().tasks(),
				runtime.threads().timer(), this::change);
	}

	void start() {
		this.beats.wake();
	}

	/**
	 * Share other partitions from now on.
	 * @param partitions names of all partitions
	 */
	void share(List<String> partitions) {
		if (!partitions.equals(this.partitions)) {
			this.partitions = partitions;
			this.changes.wake();
		}
	}

	/**
	 * Say that this instance is there. Without a connection there is nobody to tell: that
	 * it is missing is told elsewhere, and what this instance owns it keeps.
	 */
	private void beat() {
		if (!this.control.isConnected()) {
			this.control.whenConnected().cancel(false);
			this.beats.wakeAfter(NO_CONNECTION_DELAY);
			return;
		}
		this.shares.share(this.instance, owned()).whenComplete((shares, failure) -> {
			if (shares == null) {
				Throwable cause = (failure != null) ? failure : new IllegalStateException("No reply");
				this.beats.wakeAfter(this.outage.failed(cause, "each instance keeps its partitions until it works",
						this.pause.dividedBy(2)));
				return;
			}
			this.outage.succeeded();
			this.known = shares;
			this.answered = this.runtime.clock().instant();
			this.changes.wake();
			this.beats.wakeAfter(this.pause);
		});
	}

	private Map<String, Owned> owned() {
		Map<String, Owned> owned = new LinkedHashMap<>();
		this.parts.all().forEach((part) -> part.ownerships().forEach((partition, ownership) -> {
			if (ownership.isHere() && this.partitions.contains(partition)) {
				owned.put(partition, new Owned(ownership.owner(), ownership.token()));
			}
		}));
		return owned;
	}

	/**
	 * Begin with what is to be owned here, and end with what is not.
	 */
	private void change() {
		Shares shares = this.known;
		if (shares == null) {
			return;
		}
		Set<String> share = FairShare.of(this.partitions, shares.instances(), holders(shares)).share(this.instance);
		this.lock.lock();
		try {
			if (this.stopped) {
				return;
			}
			List.copyOf(this.present.keySet())
				.stream()
				.filter((partition) -> !share.contains(partition))
				.forEach(this::giveBack);
			share.stream()
				.filter((partition) -> !this.present.containsKey(partition) && !this.ending.containsKey(partition))
				.forEach((partition) -> this.present.put(partition, this.parts.begin(partition)));
		}
		finally {
			this.lock.unlock();
		}
		this.begun = true;
		this.onPoll.run();
	}

	private static Map<String, String> holders(Shares shares) {
		Map<String, String> holders = new HashMap<>();
		shares.shares().forEach((partition, share) -> holders.put(partition, share.instance()));
		return holders;
	}

	private void giveBack(String partition) {
		StreamConsumers part = Objects.requireNonNull(this.present.remove(partition));
		CompletableFuture<Void> end = this.parts.giveBack(part);
		this.ending.put(partition, end);
		end.whenComplete((ignored, failure) -> {
			this.lock.lock();
			try {
				this.ending.remove(partition);
			}
			finally {
				this.lock.unlock();
			}
			// The others are to know of it, and it may be its turn here again.
			this.beats.wake();
		});
	}

	/**
	 * Give way to the other instances: they may take each partition when it is released.
	 */
	void stop() {
		this.lock.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.lock.unlock();
		}
		this.beats.stop();
		this.changes.stop();
		if (this.control.isConnected()) {
			this.shares.leave(this.instance);
		}
	}

	/**
	 * Return when Redis answered last, {@code null} before this instance reads its first
	 * share.
	 */
	@Nullable Instant lastPoll() {
		return this.begun ? this.answered : null;
	}

	/**
	 * Return who owns the partitions, as far as it is known here.
	 */
	Map<String, OwnershipView> ownerships() {
		Shares shares = this.known;
		Map<String, OwnershipView> ownerships = new LinkedHashMap<>();
		if (shares != null) {
			int others = Math.max(0, shares.instances().size() - 1);
			for (String partition : this.partitions) {
				Share share = shares.shares().get(partition);
				if (share != null) {
					ownerships.put(partition, new OwnershipView(share.owner(), share.token(), false, others));
				}
			}
		}
		return ownerships;
	}

	/**
	 * The consumers of partitions.
	 */
	interface Parts {

		/**
		 * Return all that have begun and not ended, also those of the stream itself.
		 */
		List<StreamConsumers> all();

		StreamConsumers begin(String partition);

		/**
		 * End, since another instance is to consume the partition.
		 * @return completes when nothing of it is left here
		 */
		CompletableFuture<Void> giveBack(StreamConsumers part);

	}

}
