package dev.pubsub.redis.internal.partition;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.LayoutScript;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layouts of partitioned streams, each read once. The layout in Redis counts,
 * whatever this application is configured with: all must agree where a key belongs.
 * Thread-safe.
 */
public final class PartitionLayouts {

	private static final Logger logger = LoggerFactory.getLogger(PartitionLayouts.class);

	private final Map<String, Integer> counts;

	private final RedisLink link;

	private final Map<String, PartitionLayout> known = new ConcurrentHashMap<>();

	private final Map<String, CompletableFuture<PartitionLayout>> loading = new ConcurrentHashMap<>();

	/**
	 * Create layouts, none of which is known yet.
	 * @param counts configured numbers of partitions by the names of streams
	 * @param link where to ask
	 */
	public PartitionLayouts(Map<String, Integer> counts, RedisLink link) {
		this.counts = Map.copyOf(counts);
		this.link = link;
	}

	/**
	 * Return whether a stream has partitions here.
	 * @param stream name of the stream
	 * @return whether it is configured with some
	 */
	public boolean isPartitioned(String stream) {
		return !this.counts.isEmpty() && this.counts.containsKey(stream);
	}

	/**
	 * Return a layout that was read already.
	 * @param stream name of a partitioned stream
	 * @return the layout, {@code null} before it was read
	 */
	public @Nullable PartitionLayout known(String stream) {
		return this.known.get(stream);
	}

	/**
	 * Read a layout, or create it. Those who ask meanwhile share the answer.
	 * @param stream name of a partitioned stream
	 * @param deadline until when to try
	 * @return the layout
	 */
	public CompletableFuture<PartitionLayout> load(String stream, Deadline deadline) {
		PartitionLayout layout = this.known.get(stream);
		if (layout != null) {
			return CompletableFuture.completedFuture(layout);
		}
		CompletableFuture<PartitionLayout> mine = new CompletableFuture<>();
		CompletableFuture<PartitionLayout> other = this.loading.putIfAbsent(stream, mine);
		if (other != null) {
			return other.copy();
		}
		ask(stream, deadline).whenComplete((answer, failure) -> {
			if (answer != null) {
				this.known.put(stream, answer);
			}
			this.loading.remove(stream);
			if (answer != null) {
				mine.complete(answer);
			}
			else {
				mine.completeExceptionally(failure);
			}
		});
		return mine.copy();
	}

	private CompletableFuture<PartitionLayout> ask(String stream, Deadline deadline) {
		int count = Objects.requireNonNull(this.counts.get(stream));
		try {
			return LayoutScript
				.run(this.link.following(LayoutScript.key(stream)), deadline, stream,
						PartitionLayout.first(stream, count).fields())
				.thenApply((fields) -> checked(stream, count, PartitionLayout.of(stream, fields)));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static PartitionLayout checked(String stream, int wanted, PartitionLayout layout) {
		if (layout.count() != wanted) {
			logger.warn(
					"Stream {} has {} partitions in Redis, and pubsub.redis.streams.{}.partitions says {}: its {} are"
							+ " used; the number cannot be changed yet, so set the property to {}",
					stream, layout.count(), stream, wanted, layout.count(), layout.count());
		}
		return layout;
	}

}
