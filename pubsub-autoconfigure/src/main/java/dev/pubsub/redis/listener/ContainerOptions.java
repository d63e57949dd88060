package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.Bounds;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * How a container reads: concurrency, leases and times. Immutable.
 *
 * @since 0.1.0
 */
public final class ContainerOptions {

	/**
	 * It is renewed three times as often, over the network and between garbage
	 * collections.
	 */
	private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

	private static final ContainerOptions DEFAULTS = new ContainerOptions(new Values());

	private final Values values;

	private ContainerOptions(Values values) {
		Bounds.count("processes", values.processes);
		Bounds.count("threads", values.threads);
		Bounds.count("readCount", values.readCount);
		Bounds.size("readBytes", values.readBytes);
		Bounds.time("block", values.block);
		Bounds.time("lease", values.lease, SHORTEST_LEASE);
		Bounds.time("shutdownTimeout", values.shutdownTimeout);
		Bounds.time("reapIdleAfter", values.reapIdleAfter, SHORTEST_LEASE);
		if (values.claimInterval != null) {
			Bounds.time("claimInterval", values.claimInterval, SHORTEST_INTERVAL);
		}
		this.values = values;
	}

	public static ContainerOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Return a copy with another number of reader loops.
	 * @param processes consumers, each with a connection of its own; default 1
	 * @return the copy
	 */
	public ContainerOptions withProcesses(int processes) {
		return with((values) -> values.processes = processes);
	}

	/**
	 * Return a copy with another concurrency.
	 * @param threads handlers that run at the same time per reader loop; default 10
	 * @return the copy
	 */
	public ContainerOptions withThreads(int threads) {
		return with((values) -> values.threads = threads);
	}

	/**
	 * Return a copy that reads a stream which is spread over several, its partitions. All
	 * applications that publish to the stream or read it must be told of its partitions.
	 * @param partitions number of partitions, from 1 to 256; Redis keeps the first number
	 * that an application comes with. Default is none
	 * @return the copy
	 */
	public ContainerOptions withPartitions(int partitions) {
		PartitionLayout.requireCount(partitions);
		return with((values) -> values.partitions = partitions);
	}

	/**
	 * Return a copy with another limit for one read.
	 * @param readCount most messages one read may bring; default 128
	 * @return the copy
	 */
	public ContainerOptions withReadCount(int readCount) {
		return with((values) -> values.readCount = readCount);
	}

	/**
	 * Return a copy with another limit for the memory of one read.
	 * @param readBytes most bytes that a read keeps; it keeps its first entry in any
	 * case. Reads bring fewer messages while these are large. Default 8 MB
	 * @return the copy
	 */
	public ContainerOptions withReadBytes(DataSize readBytes) {
		return with((values) -> values.readBytes = readBytes);
	}

	/**
	 * Return a copy with another blocking time.
	 * @param block longest wait of one read; default 2 s, and never more than a quarter
	 * of the lease
	 * @return the copy
	 */
	public ContainerOptions withBlock(Duration block) {
		return with((values) -> values.block = block);
	}

	/**
	 * Return a copy with another lease.
	 * @param lease how long a message stays this consumer's without renewal, 100 ms or
	 * more; default 30 s
	 * @return the copy
	 */
	public ContainerOptions withLease(Duration lease) {
		return with((values) -> values.lease = lease);
	}

	/**
	 * Return a copy with another interval.
	 * @param claimInterval time between searches for messages whose consumer is gone, 10
	 * ms or more; default a sixth of the lease
	 * @return the copy
	 */
	public ContainerOptions withClaimInterval(Duration claimInterval) {
		return with((values) -> values.claimInterval = claimInterval);
	}

	/**
	 * Return a copy with another patience.
	 * @param shutdownTimeout how long running handlers may go on when the container
	 * stops; default 20 s
	 * @return the copy
	 */
	public ContainerOptions withShutdownTimeout(Duration shutdownTimeout) {
		return with((values) -> values.shutdownTimeout = shutdownTimeout);
	}

	/**
	 * Return a copy with another limit for idle consumers.
	 * @param reapIdleAfter idle time after which a consumer without messages is deleted,
	 * 100 ms or more; default 1 h
	 * @return the copy
	 */
	public ContainerOptions withReapIdleAfter(Duration reapIdleAfter) {
		return with((values) -> values.reapIdleAfter = reapIdleAfter);
	}

	public ContainerOptions withAckMode(AckMode ackMode) {
		Assert.isTrue(ackMode != AckMode.DEFAULT, "'ackMode' must be one of its own, DEFAULT is for annotations only");
		return with((values) -> values.ackMode = ackMode);
	}

	/**
	 * Return a copy that deletes what it acknowledged, or not.
	 * @param deleteAfterAck whether to delete; other groups of the stream may not have
	 * read it yet, which only Redis 8.2 and later take care of
	 * @return the copy
	 */
	public ContainerOptions withDeleteAfterAck(boolean deleteAfterAck) {
		return with((values) -> values.deleteAfterAck = deleteAfterAck);
	}

	public ContainerOptions withStartFrom(StartFrom startFrom) {
		return with((values) -> values.startFrom = startFrom);
	}

	/**
	 * Return a copy with another name for its consumers.
	 * @param consumerName what their names start with; the rest makes them unique
	 * @return the copy
	 */
	public ContainerOptions withConsumerName(String consumerName) {
		return with((values) -> values.consumerName = consumerName);
	}

	/**
	 * Return a copy that handles the messages of a key in order, or not: one instance
	 * owns the stream for its group then, and others stand by.
	 * @param ordered whether messages with the same key are handled one after the other,
	 * in the order of the stream; default {@code false}. Takes another acknowledgement
	 * mode than {@link AckMode#NONE}, and has one reader loop whatever
	 * {@link #processes()} says
	 * @return the copy
	 */
	public ContainerOptions withOrdered(boolean ordered) {
		return with((values) -> values.ordered = ordered);
	}

	public ContainerOptions withAutoStartup(boolean autoStartup) {
		return with((values) -> values.autoStartup = autoStartup);
	}

	public int processes() {
		return this.values.processes;
	}

	public int threads() {
		return this.values.threads;
	}

	/**
	 * Return the number of partitions.
	 * @return the number, 0 if the stream is not partitioned
	 */
	public int partitions() {
		return this.values.partitions;
	}

	public int readCount() {
		return this.values.readCount;
	}

	public DataSize readBytes() {
		return this.values.readBytes;
	}

	/**
	 * Return the longest wait of one read, shortened where the lease is short: a lease
	 * counts from before the read, since nobody knows when during it the message came.
	 * @return the given time or a quarter of the lease
	 */
	public Duration block() {
		Duration quarter = this.values.lease.dividedBy(4);
		return (this.values.block.compareTo(quarter) < 0) ? this.values.block : quarter;
	}

	public Duration lease() {
		return this.values.lease;
	}

	public Duration claimInterval() {
		Duration given = this.values.claimInterval;
		return (given != null) ? given : this.values.lease.dividedBy(6);
	}

	public Duration shutdownTimeout() {
		return this.values.shutdownTimeout;
	}

	public Duration reapIdleAfter() {
		return this.values.reapIdleAfter;
	}

	public AckMode ackMode() {
		return this.values.ackMode;
	}

	public boolean deleteAfterAck() {
		return this.values.deleteAfterAck;
	}

	public StartFrom startFrom() {
		return this.values.startFrom;
	}

	public String consumerName() {
		return this.values.consumerName;
	}

	public boolean ordered() {
		return this.values.ordered;
	}

	public boolean autoStartup() {
		return this.values.autoStartup;
	}

	private ContainerOptions with(Consumer<Values> change) {
		Values copy = new Values(this.values);
		change.accept(copy);
		return new ContainerOptions(copy);
	}

	/**
	 * The values, mutable only while a copy is made.
	 */
	private static final class Values {

		private int processes = 1;

		private int threads = 10;

		private int partitions;

		private int readCount = 128;

		private DataSize readBytes = DataSize.ofMegabytes(8);

		private Duration block = Duration.ofSeconds(2);

		private Duration lease = Duration.ofSeconds(30);

		private @Nullable Duration claimInterval;

		private Duration shutdownTimeout = Duration.ofSeconds(20);

		private Duration reapIdleAfter = Duration.ofHours(1);

		private AckMode ackMode = AckMode.ON_SUCCESS;

		private boolean deleteAfterAck;

		private StartFrom startFrom = StartFrom.EARLIEST;

		private String consumerName = "pubsub";

		private boolean autoStartup = true;

		private boolean ordered;

		Values() {
		}

		Values(Values other) {
			this.processes = other.processes;
			this.threads = other.threads;
			this.partitions = other.partitions;
			this.readCount = other.readCount;
			this.readBytes = other.readBytes;
			this.block = other.block;
			this.lease = other.lease;
			this.claimInterval = other.claimInterval;
			this.shutdownTimeout = other.shutdownTimeout;
			this.reapIdleAfter = other.reapIdleAfter;
			this.ackMode = other.ackMode;
			this.deleteAfterAck = other.deleteAfterAck;
			this.startFrom = other.startFrom;
			this.consumerName = other.consumerName;
			this.autoStartup = other.autoStartup;
			this.ordered = other.ordered;
		}

	}

}
