package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
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
		return CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new))
			.thenApply((done) -> layout.readable(this.drained, this.settings.handling().ordered()));
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
