package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.GroupCommands;
import dev.pubsub.redis.internal.redis.StreamEntry;

/**
 * Entries that no consumer of the group has had: reads them and passes them on. Only for
 * the thread of the {@link PollLoop}.
 */
final class NewEntries {

	/**
	 * What is acknowledged when it is delivered has no lease to lose.
	 */
	private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

	private final GroupCommands reads;

	private final InFlightMessages inFlight;

	private final MessageDispatcher dispatcher;

	private final LeaseKeeper leases;

	private final Duration block;

	private final boolean atMostOnce;

	NewEntries(ContainerOptions options, GroupCommands reads, InFlightMessages inFlight, MessageDispatcher dispatcher,
			LeaseKeeper leases) {
		this.reads = reads;
		this.inFlight = inFlight;
		this.dispatcher = dispatcher;
		this.leases = leases;
		this.block = options.block();
		this.atMostOnce = options.ackMode().isAtMostOnce();
	}

	/**
	 * Read once, and wait for entries as long as the options say.
	 * @param count most entries
	 * @return whether there were any
	 */
	boolean read(int count) throws ExecutionException, InterruptedException, TimeoutException {
		long leaseUntil = this.leases.leaseUntil() + (this.atMostOnce ? FOREVER_NANOS : 0);
		return this.reads.read(count, this.block, this.atMostOnce)
			.thenApply((entries) -> accept(entries, leaseUntil))
			.get(this.block.toMillis() + StreamConsumer.READ_MARGIN.toMillis() + 1000, TimeUnit.MILLISECONDS);
	}

	/**
	 * Pass entries on, on the driver's thread: the shortest way to a worker.
	 * @return whether there were any
	 */
	private boolean accept(List<StreamEntry> entries, long leaseUntil) {
		List<InFlightMessage> messages = new ArrayList<>(entries.size());
		for (StreamEntry entry : entries) {
			EntryFields fields = entry.fields();
			if (fields == null) {
				continue;
			}
			InFlightMessage message = new InFlightMessage(entry.id(), fields, 1, 0, false, leaseUntil);
			InFlightMessage held = this.inFlight.add(message);
			if (held == null) {
				messages.add(message);
			}
			else {
				held.setLeaseUntil(leaseUntil);
			}
		}
		this.dispatcher.submit(messages);
		return !entries.isEmpty();
	}

}
