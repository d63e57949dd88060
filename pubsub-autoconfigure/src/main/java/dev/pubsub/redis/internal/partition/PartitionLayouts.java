package dev.pubsub.redis.internal.partition;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.LayoutScript;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layouts of partitioned streams, each read once. The layout in Redis counts,
 * whatever this application is configured with: all must agree where a key belongs.
 * Thread-safe: {@code lock} guards those who wait.
 */
public final class PartitionLayouts {

	private static final Logger logger = LoggerFactory.getLogger(PartitionLayouts.class);

	private final Map<String, Integer> counts;

	private final RedisLink link;

	private final Map<String, PartitionLayout> known = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Queue<CompletableFuture<PartitionLayout>>> waiting = new HashMap<>();

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
		return this.counts.containsKey(stream);
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
	 * Read a layout, or create it. Those who ask meanwhile share the answer, in the order
	 * in which they asked, and before the layout is known to others: what waits for it
	 * keeps its order.
	 * @param stream name of a partitioned stream
	 * @param deadline until when to try
	 * @return the layout
	 */
	public CompletableFuture<PartitionLayout> load(String stream, Deadline deadline) {
		CompletableFuture<PartitionLayout> mine = new CompletableFuture<>();
		boolean first;
		this.lock.lock();
		try {
			PartitionLayout layout = this.known.get(stream);
			if (layout != null) {
				return CompletableFuture.completedFuture(layout);
			}
			first = !this.waiting.containsKey(stream);
			this.waiting.computeIfAbsent(stream, (any) -> new ArrayDeque<>()).add(mine);
		}
		finally {
			this.lock.unlock();
		}
		if (first) {
			ask(stream, deadline).whenComplete((layout, failure) -> {
				if (layout != null) {
					answer(stream, layout);
				}
				else {
					refuse(stream, failure);
				}
			});
		}
		return mine;
	}

	private void answer(String stream, PartitionLayout layout) {
		CompletableFuture<PartitionLayout> next = next(stream, layout);
		while (next != null) {
			next.complete(layout);
			next = next(stream, layout);
		}
	}

	private @Nullable CompletableFuture<PartitionLayout> next(String stream, PartitionLayout layout) {
		this.lock.lock();
		try {
			CompletableFuture<PartitionLayout> next = Objects.requireNonNull(this.waiting.get(stream)).poll();
			if (next == null) {
				this.known.put(stream, layout);
				this.waiting.remove(stream);
			}
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void refuse(String stream, Throwable failure) {
		Queue<CompletableFuture<PartitionLayout>> refused;
		this.lock.lock();
		try {
			refused = Objects.requireNonNull(this.waiting.remove(stream));
		}
		finally {
			this.lock.unlock();
		}
		refused.forEach((each) -> each.completeExceptionally(failure));
	}

	private CompletableFuture<PartitionLayout> ask(String stream, Deadline deadline) {
		int count = Objects.requireNonNull(this.counts.get(stream));
		try {
			return LayoutScript
				.run(this.link.following(LayoutScript.key(stream)), deadline, stream,
						PartitionLayout.first(stream, count).fields())
				.thenApply((fields) -> checked(stream, count, PartitionLayout.of(stream, fields)));
		}
		catch (Throwable ex) {
			// Also of a full heap: those who wait would wait for ever.
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
