package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.internal.partition.PartitionLayouts;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.LayoutScript;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.PartitionScripts;

/**
 * Looks every two seconds which partitions a group is to read: another process may have
 * raised their number, and sealed ones end when the group has handled all that they have.
 * In order, a new partition begins when those are at their end that had its keys before.
 */
final class LayoutWatch {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private static final Duration RETENTION = Duration.ofDays(1);

	private final DeliverySettings settings;

	private final PartitionLayouts layouts;

	private final DeliveryRuntime runtime;

	private final OutageLog outage;

	private final Consumer<List<String>> onLook;

	private final Loop looks;

	/** Sealed partitions of which the group has handled all. */
	private final Set<String> drained = ConcurrentHashMap.newKeySet();

	/**
	 * Create a watch, to be started.
	 * @param settings of the partitioned stream
	 * @param onLook gets the partitions to read, on a thread of its own
	 */
	LayoutWatch(DeliverySettings settings, PartitionLayouts layouts, DeliveryRuntime runtime, OutageLog outage,
			Consumer<List<String>> onLook) {
		this.settings = settings;
		this.layouts = layouts;
		this.runtime = runtime;
		this.outage = outage;
		this.onLook = onLook;
		this.looks = new Loop("Reading the partitions of " + settings.stream(), Runnable::run,
				runtime.threads().timer(), this::look);
	}

	void start() {
		this.looks.wake();
	}

	void stop() {
		this.looks.stop();
	}

	private void look() {
		this.layouts.refresh(this.settings.stream(), Deadline.after(PATIENCE))
			.thenCompose(this::partitions)
			.whenComplete((partitions, failure) -> {
				if (failure != null) {
					this.looks.wakeAfter(this.outage.failed(failure, "trying again until it works", RETRY_DELAY));
					return;
				}
				this.outage.succeeded();
				this.looks.wakeAfter(INTERVAL);
				this.runtime.threads()
					.run("Opening the partitions of " + this.settings.stream(), () -> this.onLook.accept(partitions));
			});
	}

	private CompletableFuture<List<String>> partitions(PartitionLayout layout) {
		PartitionScripts scripts = new PartitionScripts(this.runtime.control(), Deadline.after(PATIENCE));
		List<CompletableFuture<Void>> looks = new ArrayList<>();
		for (String partition : layout.sealed()) {
			if (!this.drained.contains(partition)) {
				looks.add(scripts.look(partition, this.settings.group().group())
					.thenAccept((look) -> take(look, partition, scripts)));
			}
		}
		return CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new)).thenApply((done) -> {
			remove(layout, scripts);
			return layout.readable(this.drained, this.settings.handling().ordered());
		});
	}

	/**
	 * Remove the oldest generation when all groups have handled all of it. It stays for a
	 * day, in which producers may not know of the later one, and repetitions be
	 * recognised.
	 */
	private void remove(PartitionLayout layout, PartitionScripts scripts) {
		Instant since = Instant.ofEpochMilli(layout.since());
		List<String> oldest = layout.oldest();
		if (oldest.isEmpty() || !this.drained.containsAll(oldest)
				|| since.plus(RETENTION).isAfter(this.runtime.clock().instant())) {
			return;
		}
		List<CompletableFuture<PartitionScripts.Look>> removals = oldest.stream()
			.map((partition) -> scripts.remove(partition).whenComplete((look, failure) -> {
				if (look == PartitionScripts.Look.NOT_SEALED) {
					// A reader that was late has created it again.
					scripts.seal(partition);
				}
			}))
			.toList();
		CompletableFuture.allOf(removals.toArray(CompletableFuture<?>[]::new)).thenAccept((done) -> {
			if (removals.stream().allMatch((look) -> look.join() == PartitionScripts.Look.DRAINED)) {
				new LayoutScript(this.runtime.control(), null, this.settings.stream()).removed(layout.removed() + 1);
			}
		});
	}

	private void take(PartitionScripts.Look look, String partition, PartitionScripts scripts) {
		switch (look) {
			case DRAINED -> this.drained.add(partition);
			// A failover lost that.
			case NOT_SEALED -> scripts.seal(partition);
			case WAITS -> {
			}
		}
	}

}
