package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Reads for the owner of a stream. Redis delivers to a read that it blocked even after
 * another consumer became the owner: no read that delivers waits, and one that changes
 * nothing waits for the next entry. Each read names a gate beside the stream, without
 * which Redis refuses it. The next owner closes the gate, and so does this one after a
 * read without a reply: it cannot come late. One read is under way at a time.
 */
final class OwnerReads {

	private final Commands commands;

	private final Supplier<CompletableFuture<@Nullable StreamProgress>> progress;

	/** The gate that is open, as far as it is known. */
	private volatile @Nullable String gate;

	/** Last entry that came here, or was delivered before the first read. */
	private volatile @Nullable EntryId came;

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
		String open = this.gate;
		if (open == null) {
			return open().thenCompose((gate) -> deliver(gate, count, mostBytes));
		}
		return deliver(open, count, mostBytes).exceptionallyCompose(
				(failure) -> isClosed(open, failure) ? open().thenCompose((gate) -> deliver(gate, count, mostBytes))
						: CompletableFuture.failedFuture(failure));
	}

	private CompletableFuture<List<StreamEntry>> deliver(String open, int count, long mostBytes) {
		return this.commands.deliver(count, mostBytes, open).whenComplete((entries, failure) -> {
			if (failure != null) {
				// It may be under way still.
				this.gate = null;
			}
		}).thenApply(this::delivered);
	}

	private static boolean isClosed(String gate, Throwable failure) {
		String error = Fence.error(failure);
		return error.startsWith("NOGROUP") && error.contains(gate);
	}

	/**
	 * Open a gate, in the place of the one before. When that is done, a read that counted
	 * as lost has come or will be refused; what it delivered is to be looked for, as
	 * after any lost reply.
	 */
	private CompletableFuture<String> open() {
		String name = Long.toHexString(ThreadLocalRandom.current().nextLong());
		return this.commands.open(name).thenCompose((opened) -> this.progress.get()).thenCompose((present) -> {
			this.gate = name;
			if (present == null) {
				return CompletableFuture.completedFuture(name);
			}
			EntryId before = this.came;
			EntryId now = present.delivered();
			this.came = now;
			this.last = now;
			return (before == null || now.equals(before)) ? CompletableFuture.completedFuture(name) : CompletableFuture
				.failedFuture(new TimeoutException("The reply of a read was lost, and its entries were delivered"));
		});
	}

	private List<StreamEntry> delivered(List<StreamEntry> entries) {
		if (!entries.isEmpty()) {
			EntryId id = entries.get(entries.size() - 1).id();
			this.came = id;
			this.last = id;
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
		 * Open a gate if the stream is owned, and close the one before.
		 * @param gate name of the gate, used by no other one
		 */
		CompletableFuture<Boolean> open(String gate);

		/**
		 * Read without waiting, if the gate is open.
		 * @param gate name of the gate
		 */
		CompletableFuture<List<StreamEntry>> deliver(int count, long mostBytes, String gate);

		/**
		 * Wait for an entry, and deliver none.
		 * @param after id of the last one that was delivered
		 * @return whether there is one
		 */
		CompletableFuture<Boolean> await(EntryId after, Duration block);

	}

}
