package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Reads for the owner of a stream. Redis delivers to a read that it blocked even after
 * another consumer became the owner: no read that delivers waits, and one that changes
 * nothing waits for the next entry. One read is under way at a time.
 */
final class OwnerReads {

	private static final String OUT_OF_TURN = "OUTOFTURN ";

	private final Commands commands;

	private final Supplier<CompletableFuture<@Nullable StreamProgress>> progress;

	/** Number of the next read. */
	private volatile String number = "0";

	/** Last entry that was delivered, as far as it is known. */
	private volatile @Nullable EntryId last;

	OwnerReads(Commands commands, Supplier<CompletableFuture<@Nullable StreamProgress>> progress) {
		this.commands = commands;
		this.progress = progress;
	}

	CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes) {
		if (acknowledged) {
			throw new IllegalArgumentException("The owner of a stream acknowledges what it handled");
		}
		return deliver(count, mostBytes).thenCompose((entries) -> entries.isEmpty()
				? await(block).thenCompose(
						(rang) -> rang ? afterBell(count, mostBytes) : CompletableFuture.completedFuture(entries))
				: CompletableFuture.completedFuture(entries));
	}

	private CompletableFuture<List<StreamEntry>> afterBell(int count, long mostBytes) {
		return deliver(count, mostBytes).whenComplete((entries, failure) -> {
			if (entries != null && entries.isEmpty()) {
				// The group is further than what it delivered here.
				this.last = null;
			}
		});
	}

	private CompletableFuture<List<StreamEntry>> deliver(int count, long mostBytes) {
		return this.commands.deliver(count, mostBytes, this.number)
			.thenApply(this::delivered)
			.exceptionallyCompose((failure) -> CompletableFuture.failedFuture(failed(failure)));
	}

	private List<StreamEntry> delivered(List<StreamEntry> entries) {
		if (!entries.isEmpty()) {
			this.number = Long.toString(Long.parseLong(this.number) + 1);
			this.last = entries.get(entries.size() - 1).id();
		}
		return upToFirstLeftOut(entries);
	}

	/**
	 * What is left out comes again, and entries after it must not overtake it.
	 */
	private static List<StreamEntry> upToFirstLeftOut(List<StreamEntry> entries) {
		if (entries.stream().noneMatch(StreamEntry::isLeftOut)) {
			return entries;
		}
		List<StreamEntry> ordered = new ArrayList<>(entries.size());
		boolean leftOut = false;
		for (StreamEntry entry : entries) {
			leftOut |= entry.isLeftOut();
			ordered.add(leftOut ? new StreamEntry(entry.id(), null, entry.bytes()) : entry);
		}
		return ordered;
	}

	/**
	 * A read that counted as lost came after all: what it delivered is to be looked for,
	 * as after any lost reply.
	 */
	private Throwable failed(Throwable failure) {
		String error = Fence.error(failure);
		if (!error.startsWith(OUT_OF_TURN)) {
			return failure;
		}
		this.number = error.substring(OUT_OF_TURN.length());
		return new TimeoutException("The reply of a read was lost, and its entries were delivered");
	}

	/**
	 * Wait for an entry that was not delivered. This changes nothing.
	 * @return whether there is one
	 */
	private CompletableFuture<Boolean> await(Duration block) {
		if (block.toMillis() <= 0) {
			return CompletableFuture.completedFuture(false);
		}
		return lastDelivered().thenCompose((id) -> this.commands.await(id, block));
	}

	private CompletableFuture<EntryId> lastDelivered() {
		EntryId known = this.last;
		if (known != null) {
			return CompletableFuture.completedFuture(known);
		}
		return this.progress.get().thenApply((present) -> {
			EntryId id = (present != null) ? present.delivered() : EntryId.ZERO;
			this.last = id;
			return id;
		});
	}

	/**
	 * What is sent to the server.
	 */
	interface Commands {

		/**
		 * Read without waiting, if the stream is owned and the number is the next one.
		 * @param number number of the read
		 */
		CompletableFuture<List<StreamEntry>> deliver(int count, long mostBytes, String number);

		/**
		 * Wait for an entry, and deliver none.
		 * @param after id of the last one that was delivered
		 * @return whether there is one
		 */
		CompletableFuture<Boolean> await(EntryId after, Duration block);

	}

}
