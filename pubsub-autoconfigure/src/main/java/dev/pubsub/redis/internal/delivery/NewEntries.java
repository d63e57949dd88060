package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.SharedTicks;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.StreamEntry;

/**
 * Entries that no consumer of the group has had: reads them and passes them on. One read
 * is under way at a time.
 */
final class NewEntries {

	/**
	 * What is acknowledged when it is delivered has no lease to lose.
	 */
	private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

	/**
	 * Nothing else than a reply or a lost connection ends a wait: look after it all the
	 * same, now and then.
	 */
	private static final int MOST_READS = 8;

	private static final Duration SHORTEST_BLOCK = Duration.ofMillis(1);

	private final GroupClient reads;

	private final InFlightMessages inFlight;

	private final MessageDispatcher dispatcher;

	private final LeaseKeeper leases;

	private final ReadBudget budget;

	private final Runnable onLeftOut;

	private final Duration block;

	private final boolean atMostOnce;

	/**
	 * Create a reader of new entries.
	 * @param budget how much to keep of a reply; learns from it
	 * @param onLeftOut is told that more came: it is pending, and not in flight
	 */
	NewEntries(DeliverySettings.Reading settings, GroupClient reads, InFlightMessages inFlight,
			MessageDispatcher dispatcher, LeaseKeeper leases, ReadBudget budget, Runnable onLeftOut) {
		this.reads = reads;
		this.inFlight = inFlight;
		this.dispatcher = dispatcher;
		this.leases = leases;
		this.budget = budget;
		this.onLeftOut = onLeftOut;
		this.block = settings.block();
		this.atMostOnce = settings.atMostOnce();
	}

	/**
	 * Read, and wait for entries as long as the options say; and then again, without the
	 * reader's thread: to wake it costs more than the read.
	 * @param count most entries
	 * @param next asked on the driver's thread after each read but the last: how many
	 * entries another one may bring that follows at once, 0 for none
	 */
	void read(int count, IntSupplier next) throws ExecutionException, InterruptedException, TimeoutException {
		Duration longest = this.block.multipliedBy(MOST_READS).plus(StreamConsumer.READ_MARGIN).plusSeconds(1);
		read(count, next, MOST_READS).get(longest.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Read what waits already.
	 * @param count most entries
	 * @return whether there was anything
	 */
	boolean look(int count) throws ExecutionException, InterruptedException, TimeoutException {
		long leaseUntil = leaseUntil();
		return this.reads.read(count, SHORTEST_BLOCK, this.atMostOnce, this.budget.bytes()).thenApply((entries) -> {
			if (!entries.isEmpty()) {
				accept(entries, leaseUntil);
			}
			return !entries.isEmpty();
		}).get(StreamConsumer.READ_MARGIN.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
	}

	private long leaseUntil() {
		return this.leases.leaseUntil() + (this.atMostOnce ? FOREVER_NANOS : 0);
	}

	private CompletableFuture<Void> read(int count, IntSupplier next, int most) {
		long leaseUntil = leaseUntil();
		Duration wait = SharedTicks.shorten(this.block, System.nanoTime());
		return this.reads.read(count, wait, this.atMostOnce, this.budget.bytes()).thenCompose((entries) -> {
			this.dispatcher.room().setMoreUnread(entries.size() >= count);
			accept(entries, leaseUntil);
			int more = (most > 1) ? next.getAsInt() : 0;
			return (more > 0) ? read(more, next, most - 1) : CompletableFuture.completedFuture(null);
		});
	}

	/**
	 * Pass entries on, on the driver's thread: the shortest way to a worker. Where there
	 * are none, nothing competes with what is redelivered.
	 */
	private void accept(List<StreamEntry> entries, long leaseUntil) {
		List<InFlightMessage> messages = new ArrayList<>(entries.size());
		long largest = 0;
		boolean leftOut = false;
		for (StreamEntry entry : entries) {
			EntryFields fields = entry.fields();
			largest = Math.max(largest, entry.bytes());
			if (fields == null) {
				if (entry.isLeftOut()) {
					leftOut = true;
					this.inFlight.leave(entry.id(), 0);
				}
				continue;
			}
			InFlightMessage message = new InFlightMessage(entry.id(), fields, 1, 0, leaseUntil);
			if (this.inFlight.deliver(message, leaseUntil)) {
				messages.add(message);
			}
		}
		if (!entries.isEmpty()) {
			// Last, so that nothing up to it is missing.
			this.inFlight.read(entries.get(entries.size() - 1).id());
		}
		this.budget.succeeded(largest);
		if (leftOut) {
			this.onLeftOut.run();
		}
		if (entries.isEmpty()) {
			this.dispatcher.redeliveryDone();
		}
		this.dispatcher.submit(messages);
	}

}
