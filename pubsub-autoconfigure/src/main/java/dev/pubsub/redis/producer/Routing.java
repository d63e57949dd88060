package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.internal.partition.PartitionLayouts;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition of each message, before it is sent: that of its key, else that of
 * its idempotency id, else the next one. The first use of a partitioned stream asks Redis
 * for its layout. Thread-safe.
 */
final class Routing {

	private final PartitionLayouts layouts;

	private final RedisLink link;

	private final ProducerOptions options;

	private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

	Routing(RedisLink link, ProducerOptions options) {
		this.layouts = new PartitionLayouts(options.partitions(), link);
		this.link = link;
		this.options = options;
	}

	/**
	 * Give a message its partition; waits for the layout at its first use.
	 * @return why it has none, {@code null} if all is well
	 */
	@Nullable Throwable route(OutgoingEntry entry) {
		return isOpen(entry) ? await(List.of(entry)) : null;
	}

	/**
	 * Give messages their partitions; waits for layouts at their first use.
	 * @return why some have none, {@code null} if all is well
	 */
	@Nullable Throwable route(Collection<OutgoingEntry> entries) {
		List<OutgoingEntry> open = entries.stream().filter(this::isOpen).toList();
		return open.isEmpty() ? null : await(open);
	}

	/**
	 * Give messages their partitions without waiting on this thread.
	 * @return completes when they have them; fails if that is not possible
	 */
	CompletableFuture<Void> routeAsync(Collection<OutgoingEntry> entries) {
		List<OutgoingEntry> open = entries.stream().filter(this::isOpen).toList();
		return open.isEmpty() ? CompletableFuture.completedFuture(null) : load(open);
	}

	/**
	 * Have layouts read before they are needed.
	 */
	void prepare() {
		this.options.partitions()
			.keySet()
			.forEach((stream) -> this.layouts.load(stream, Deadline.after(this.options.timeout())));
	}

	private boolean isOpen(OutgoingEntry entry) {
		String stream = entry.stream();
		if (entry.isRouted() || !this.layouts.isPartitioned(stream)) {
			return false;
		}
		PartitionLayout layout = this.layouts.known(stream);
		if (layout == null) {
			return true;
		}
		route(entry, layout);
		return false;
	}

	private void route(OutgoingEntry entry, PartitionLayout layout) {
		entry.route(partition(entry, layout));
	}

	private @Nullable Throwable await(List<OutgoingEntry> entries) {
		if (!this.link.mayWait()) {
			return new IllegalStateException("The partitions of stream \"" + entries.get(0).stream()
					+ "\" are not known yet, and this thread must not wait for them: try again soon");
		}
		try {
			load(entries).get(this.options.timeout().toNanos(), TimeUnit.NANOSECONDS);
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ex;
		}
		catch (ExecutionException ex) {
			return Failures.unwrap(ex);
		}
		catch (TimeoutException ex) {
			return new TimeoutException("The partitions of stream \"" + entries.get(0).stream()
					+ "\" are not known, as Redis did not answer within " + this.options.timeout());
		}
	}

	private CompletableFuture<Void> load(List<OutgoingEntry> entries) {
		Deadline deadline = Deadline.after(this.options.timeout());
		Map<String, List<OutgoingEntry>> byStream = entries.stream()
			.collect(Collectors.groupingBy(OutgoingEntry::stream, LinkedHashMap::new, Collectors.toList()));
		List<CompletableFuture<Void>> routed = new ArrayList<>();
		byStream.forEach((stream, ofStream) -> routed.add(this.layouts.load(stream, deadline)
			.thenAccept((layout) -> ofStream.forEach((entry) -> route(entry, layout)))));
		return CompletableFuture.allOf(routed.toArray(CompletableFuture<?>[]::new));
	}

	private String partition(OutgoingEntry entry, PartitionLayout layout) {
		String sticky = entry.routingKey();
		return (sticky != null) ? layout.partition(sticky) : layout.partitions().get(turn(entry.stream(), layout));
	}

	private int turn(String stream, PartitionLayout layout) {
		AtomicInteger turn = this.turns.computeIfAbsent(stream,
				(any) -> new AtomicInteger(ThreadLocalRandom.current().nextInt(layout.count())));
		return Math.floorMod(turn.getAndIncrement(), layout.count());
	}

}
