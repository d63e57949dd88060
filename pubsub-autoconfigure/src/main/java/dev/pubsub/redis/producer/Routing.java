package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.internal.partition.PartitionLayouts;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition of each message, before it is sent: that of its key, else that of
 * its idempotency id, else the next one. The first use of a partitioned stream asks Redis
 * for its layout, and so does a partition that takes no more messages. Thread-safe.
 */
final class Routing {

	private static final Duration RETRY_DELAY = Duration.ofMillis(100);

	private static final CompletableFuture<Void> ENTERED = CompletableFuture.completedFuture(null);

	private final PartitionLayouts layouts;

	private final RedisLink link;

	private final ProducerOptions options;

	private final Map<String, GenerationGate> gates = new ConcurrentHashMap<>();

	private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

	Routing(RedisLink link, ProducerOptions options) {
		this.layouts = new PartitionLayouts(options.partitions(), link);
		this.link = link;
		this.options = options;
	}

	/**
	 * Give a message its partition, also after one that has not taken it; waits for the
	 * layout where that is not known. A message that has none knows why.
	 */
	void route(OutgoingEntry entry) {
		if (isOpen(entry)) {
			await(List.of(entry));
		}
	}

	/**
	 * Give messages their partitions, also after those that have not taken them; waits
	 * for layouts that are not known. Messages that have none know why.
	 */
	void route(Collection<OutgoingEntry> entries) {
		List<OutgoingEntry> open = entries.stream().filter(this::isOpen).toList();
		if (!open.isEmpty()) {
			await(open);
		}
	}

	/**
	 * Give messages their partitions without waiting on this thread.
	 * @return completes, never with a failure, when each has one or knows why not
	 */
	CompletableFuture<Void> routeAsync(Collection<OutgoingEntry> entries) {
		List<OutgoingEntry> open = entries.stream().filter(this::isOpen).toList();
		return open.isEmpty() ? CompletableFuture.completedFuture(null) : load(open);
	}

	/**
	 * Wait until a message may be sent that has a key and a partition: until those have a
	 * result that are on their way to earlier partitions. Each that enters has to leave.
	 * A message that waits too long is refused.
	 * @return completes, never with a failure
	 */
	CompletableFuture<Void> enter(OutgoingEntry entry) {
		PartitionRoute route = entry.route();
		if (route == null || entry.refusal() != null || !entry.hasKey()) {
			return ENTERED;
		}
		GenerationGate gate = this.gates.computeIfAbsent(entry.published(), (stream) -> new GenerationGate());
		CompletableFuture<Void> entered = gate.enter(route.generation());
		if (entered.isDone()) {
			entry.entered(gate);
			return ENTERED;
		}
		return entered.orTimeout(this.options.timeout().toNanos(), TimeUnit.NANOSECONDS).handle((done, failure) -> {
			if (failure == null) {
				entry.entered(gate);
			}
			else {
				entry.refuse(new TimeoutException("Messages of stream \"" + entry.published()
						+ "\" are on their way to its partitions before, for " + this.options.timeout()));
			}
			return null;
		});
	}

	CompletableFuture<Void> enter(List<OutgoingEntry> entries) {
		List<CompletableFuture<Void>> waiting = new ArrayList<>();
		for (OutgoingEntry entry : entries) {
			CompletableFuture<Void> entered = enter(entry);
			if (!entered.isDone()) {
				waiting.add(entered);
			}
		}
		return waiting.isEmpty() ? ENTERED : CompletableFuture.allOf(waiting.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Wait on this thread until messages may be sent; not on one that must not wait for
	 * their replies either.
	 */
	void enterNow(List<OutgoingEntry> entries) {
		if (this.link.mayWait()) {
			enter(entries).join();
		}
	}

	/**
	 * Wait on this thread, if it may wait.
	 */
	CompletableFuture<Void> awaited(CompletableFuture<Void> entered) {
		if (!entered.isDone() && this.link.mayWait()) {
			entered.join();
		}
		return entered;
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
		PartitionRoute route = entry.route();
		if (route != null && entry.moved() == null) {
			return false;
		}
		if (route == null && !this.layouts.isPartitioned(entry.published())) {
			return false;
		}
		PartitionRoute next = (route != null) ? route.next() : null;
		if (next != null) {
			entry.route(next);
			return false;
		}
		PartitionLayout layout = this.layouts.known(entry.published());
		if (layout == null || !isLater(layout, route)) {
			return true;
		}
		entry.route(route(entry, layout));
		return false;
	}

	private static boolean isLater(PartitionLayout layout, @Nullable PartitionRoute route) {
		return route == null || layout.generation() > route.generation();
	}

	private void await(List<OutgoingEntry> entries) {
		String stream = entries.get(0).published();
		if (!this.link.mayWait()) {
			Throwable cause = new IllegalStateException("The partitions of stream \"" + stream
					+ "\" are not known yet, and this thread must not wait for them: try again soon");
			entries.forEach((entry) -> entry.refuse(cause));
			return;
		}
		try {
			load(entries).get(this.options.timeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			refuseUnrouted(entries, ex);
		}
		catch (ExecutionException ex) {
			refuseUnrouted(entries, Failures.unwrap(ex));
		}
		catch (TimeoutException ex) {
			refuseUnrouted(entries, new TimeoutException("The partitions of stream \"" + stream
					+ "\" are not known, as Redis did not answer within " + this.options.timeout()));
		}
	}

	private static void refuseUnrouted(List<OutgoingEntry> entries, Throwable cause) {
		entries.stream()
			.filter((entry) -> entry.route() == null || entry.moved() != null)
			.forEach((entry) -> entry.refuse(cause));
	}

	private CompletableFuture<Void> load(List<OutgoingEntry> entries) {
		Deadline deadline = Deadline.after(this.options.timeout());
		Map<String, List<OutgoingEntry>> byStream = entries.stream()
			.collect(Collectors.groupingBy(OutgoingEntry::published, LinkedHashMap::new, Collectors.toList()));
		List<CompletableFuture<Void>> routed = new ArrayList<>();
		byStream.forEach((stream,
				ofStream) -> routed.add(load(stream, generation(ofStream), isSealed(ofStream), deadline)
					.thenAccept((layout) -> ofStream.forEach((entry) -> routeBy(layout, entry)))
					.exceptionally((failure) -> {
						refuseUnrouted(ofStream, Failures.unwrap(failure));
						return null;
					})));
		return CompletableFuture.allOf(routed.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Load a layout; after a seal, until there is the one that follows.
	 */
	private CompletableFuture<PartitionLayout> load(String stream, int generation, boolean sealed, Deadline deadline) {
		return this.layouts.load(stream, generation, deadline).thenCompose((layout) -> {
			if (!sealed || layout.generation() > generation || !deadline.leavesTimeFor(RETRY_DELAY)) {
				return CompletableFuture.completedFuture(layout);
			}
			Executor later = CompletableFuture.delayedExecutor(RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS);
			return CompletableFuture.runAsync(() -> {
			}, later).thenCompose((now) -> load(stream, generation, true, deadline));
		});
	}

	private static int generation(List<OutgoingEntry> entries) {
		return entries.stream()
			.map(OutgoingEntry::route)
			.filter(Objects::nonNull)
			.mapToInt(PartitionRoute::generation)
			.max()
			.orElse(0);
	}

	private static boolean isSealed(List<OutgoingEntry> entries) {
		return entries.stream()
			.map(OutgoingEntry::moved)
			.filter(Objects::nonNull)
			.anyMatch(MovedPartitionException::isSealed);
	}

	private void routeBy(PartitionLayout layout, OutgoingEntry entry) {
		PartitionRoute route = entry.route();
		MovedPartitionException moved = entry.moved();
		if (route == null || isLater(layout, route)) {
			entry.route(route(entry, layout));
		}
		else if (moved != null && moved.isSealed()) {
			entry.refuse(moved);
		}
		else if (moved != null && !entry.mayCreate()) {
			entry.refuse(entry.absent());
		}
		else if (moved != null) {
			entry.route(route.creating());
		}
	}

	private PartitionRoute route(OutgoingEntry entry, PartitionLayout layout) {
		String sticky = entry.routingKey();
		if (sticky == null) {
			return new PartitionRoute(layout.generation(),
					List.of(layout.partitions().get(turn(entry.published(), layout))), false);
		}
		String partition = layout.partition(sticky);
		List<String> before = entry.isIdempotent() ? layout.sealed(sticky) : List.of();
		List<String> way = before.isEmpty() ? List.of(partition)
				: Stream.concat(before.stream(), Stream.of(partition)).toList();
		return new PartitionRoute(layout.generation(), way, false);
	}

	private int turn(String stream, PartitionLayout layout) {
		AtomicInteger turn = this.turns.computeIfAbsent(stream,
				(any) -> new AtomicInteger(ThreadLocalRandom.current().nextInt(layout.count())));
		return Math.floorMod(turn.getAndIncrement(), layout.count());
	}

}
