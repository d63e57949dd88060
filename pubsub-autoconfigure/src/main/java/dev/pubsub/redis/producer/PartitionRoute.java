package dev.pubsub.redis.producer;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where to send a message of a partitioned stream. Immutable.
 *
 * @param generation generation of the layout
 * @param partitions the partition, and before it sealed ones that may have the message
 * @param creates whether the partition is created where it is absent, as the layout was
 * read again
 */
record PartitionRoute(int generation, List<String> partitions, boolean creates) {

	String partition() {
		return this.partitions.get(0);
	}

	/**
	 * Return the way on, {@code null} if it ended.
	 */
	@Nullable PartitionRoute next() {
		return (this.partitions.size() > 1)
				? new PartitionRoute(this.generation, this.partitions.subList(1, this.partitions.size()), this.creates)
				: null;
	}

	PartitionRoute creating() {
		return new PartitionRoute(this.generation, this.partitions, true);
	}

}
