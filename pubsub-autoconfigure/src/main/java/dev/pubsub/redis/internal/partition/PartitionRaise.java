package dev.pubsub.redis.internal.partition;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.LayoutScript;
import dev.pubsub.redis.internal.redis.PartitionScripts;
import dev.pubsub.redis.internal.redis.RedisLink;

/**
 * Gives a stream more partitions: announces their number, creates them with the groups of
 * those before, seals those before, and writes the new layout. Each step may be repeated,
 * by several processes at a time, and any process can go on where another one broke off.
 */
final class PartitionRaise {

	private final String stream;

	private final LayoutScript script;

	private final PartitionScripts partitions;

	/**
	 * Create a raise.
	 * @param link where to send
	 * @param deadline until when to try
	 * @param stream name of the partitioned stream
	 */
	PartitionRaise(RedisLink link, Deadline deadline, String stream) {
		this.stream = stream;
		this.script = new LayoutScript(link, deadline, stream);
		this.partitions = new PartitionScripts(link, deadline);
	}

	/**
	 * Create the first partitions, then their layout: a layout says that they are there.
	 * @return the layout that there is now
	 */
	CompletableFuture<PartitionLayout> begin(int count) {
		PartitionLayout first = PartitionLayout.first(this.stream, count);
		return create(first, List.of()).thenCompose((created) -> write(first));
	}

	/**
	 * Raise the number of partitions.
	 * @param layout the present layout
	 * @param count the new number, unless another one is announced
	 * @return the layout that there is now
	 */
	CompletableFuture<PartitionLayout> to(int count, PartitionLayout layout) {
		return this.script.announce(layout.generation(), count)
			.thenApply(this::layout)
			.thenCompose((announced) -> (announced.generation() == layout.generation()) ? finish(announced)
					: CompletableFuture.completedFuture(announced));
	}

	/**
	 * Do what was announced.
	 * @param layout a layout that is being raised
	 * @return the layout that there is now
	 */
	CompletableFuture<PartitionLayout> finish(PartitionLayout layout) {
		PartitionLayout next = layout.next(this.stream, layout.raising());
		return forEach(layout.partitions(), this.partitions::groups)
			.thenCompose((groups) -> create(next, union(groups)))
			.thenCompose((created) -> forEach(layout.partitions(), this.partitions::seal))
			// Also those that began meanwhile.
			.thenCompose((groups) -> create(next, union(groups)))
			.thenCompose((created) -> write(next));
	}

	private CompletableFuture<List<Void>> create(PartitionLayout layout, List<String> groups) {
		return forEach(layout.partitions(), (partition) -> this.partitions.create(partition, groups));
	}

	/**
	 * Write a layout, unless there is one already that is as late.
	 */
	CompletableFuture<PartitionLayout> write(PartitionLayout layout) {
		return this.script.write(layout.generation(), layout.fields()).thenApply(this::layout);
	}

	private PartitionLayout layout(Map<String, String> fields) {
		return PartitionLayout.of(this.stream, fields);
	}

	private static List<String> union(List<List<String>> groups) {
		return groups.stream().flatMap(Collection::stream).distinct().toList();
	}

	private static <T> CompletableFuture<List<T>> forEach(List<String> partitions,
			Function<String, CompletableFuture<T>> action) {
		List<CompletableFuture<T>> all = partitions.stream().map(action).toList();
		return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
			.thenApply((done) -> all.stream().flatMap((each) -> Stream.ofNullable(each.join())).toList());
	}

}
