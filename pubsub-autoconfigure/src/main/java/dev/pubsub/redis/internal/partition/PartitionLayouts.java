package dev.pubsub.redis.internal.partition;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.LayoutScript;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layouts of partitioned streams. The layout in Redis counts, whatever this
 * application is configured with: all must agree where a key belongs. It is read when it
 * is first needed, and again when those who use it ask for a later one. A configured
 * number that is a multiple of the one in Redis raises it. Thread-safe: {@code lock}
 * guards those who wait.
 */
public final class PartitionLayouts {

	private static final Logger logger = LoggerFactory.getLogger(PartitionLayouts.class);

	private final Map<String, Integer> counts;

	private final RedisLink link;

	private final Map<String, PartitionLayout> known = new ConcurrentHashMap<>();

	private final Map<String, Integer> compared = new ConcurrentHashMap<>();

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

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
	 * Read a layout, or create it, unless it is known.
	 * @param stream name of a partitioned stream
	 * @param deadline until when to try
	 * @return the layout
	 */
	public CompletableFuture<PartitionLayout> load(String stream, Deadline deadline) {
		return load(stream, 0, deadline);
	}

	/**
	 * Read a layout, whether one is known or not.
	 * @param stream name of a partitioned stream
	 * @param deadline until when to try
	 * @return the layout
	 */
	public CompletableFuture<PartitionLayout> refresh(String stream, Deadline deadline) {
		return load(stream, Integer.MAX_VALUE, deadline);
	}

	/**
	 * Read a layout, or create it, unless a later one is known. Those who ask meanwhile
	 * share the answer, in the order in which they asked, and before the layout is known
	 * to others: what waits for it keeps its order.
	 * @param stream name of a partitioned stream
	 * @param generation the generation that is known not to do any more
	 * @param deadline until when to try
	 * @return the layout, of the same generation if there is no later one
	 */
	public CompletableFuture<PartitionLayout> load(String stream, int generation, Deadline deadline) {
		CompletableFuture<PartitionLayout> mine = new CompletableFuture<>();
		boolean first;
		this.lock.lock();
		try {
			PartitionLayout layout = this.known.get(stream);
			if (layout != null && layout.generation() > generation) {
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
		try {
			return new LayoutScript(this.link, deadline, stream).read()
				.thenCompose((fields) -> present(stream, fields, deadline))
				.thenCompose((layout) -> raised(stream, layout, deadline));
		}
		catch (Throwable ex) {
			// Also of a full heap: those who wait would wait for ever.
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletableFuture<PartitionLayout> present(String stream, Map<String, String> fields, Deadline deadline) {
		PartitionLayout before = this.known.get(stream);
		PartitionLayout layout = fields.isEmpty() ? null : PartitionLayout.of(stream, fields);
		if (layout == null && before == null) {
			return new PartitionRaise(this.link, deadline, stream).begin(count(stream));
		}
		if (layout == null || (before != null && before.generation() > layout.generation())) {
			logger.warn("The layout of stream {} was lost in Redis, writing it again: generation {} with {} partitions",
					stream, Objects.requireNonNull(before).generation(), before.count());
			return new PartitionRaise(this.link, deadline, stream).write(before);
		}
		return CompletableFuture.completedFuture(layout);
	}

	/**
	 * Raise the number of partitions if that is configured, or was begun. Where that
	 * fails the present partitions go on.
	 */
	private CompletableFuture<PartitionLayout> raised(String stream, PartitionLayout layout, Deadline deadline) {
		int wanted = count(stream);
		boolean raises = layout.canBeRaisedTo(wanted);
		if (!raises && layout.raising() == 0) {
			compare(stream, wanted, layout);
			return CompletableFuture.completedFuture(layout);
		}
		PartitionRaise raise = new PartitionRaise(this.link, deadline, stream);
		return ((layout.raising() > 0) ? raise.finish(layout) : raise.to(wanted, layout)).thenCompose((next) -> {
			this.refused.remove(stream);
			logger.info("Stream {} has {} partitions instead of {} now, in generation {}", stream, next.count(),
					layout.count(), next.generation());
			return raised(stream, next, deadline);
		}).exceptionally((failure) -> {
			if (this.refused.add(stream)) {
				logger.warn("Cannot raise the partitions of stream {} from {} to {}: its {} are used until it works",
						stream, layout.count(), Math.max(wanted, layout.raising()), layout.count(),
						FailureText.loggable(Failures.unwrap(failure)));
			}
			return layout;
		});
	}

	private int count(String stream) {
		return Objects.requireNonNull(this.counts.get(stream));
	}

	private void compare(String stream, int wanted, PartitionLayout layout) {
		boolean differs = layout.count() != wanted;
		if (differs && !Objects.equals(this.compared.put(stream, layout.count()), layout.count())) {
			logger.warn(
					"Stream {} has {} partitions in Redis, and pubsub.redis.streams.{}.partitions says {}: its {} are"
							+ " used; the number can only be raised, to a multiple of {}",
					stream, layout.count(), stream, wanted, layout.count(), layout.count());
		}
	}

}
