package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * Reads for the owner of a stream. Redis delivers to a read that it blocked even after
 * another consumer became the owner: no read that delivers waits, and one that changes
 * nothing waits for the next entry. One read is under way at a time.
 */
final class OwnerReads {

	private static final RedisScript READ = RedisScript.load("owner_read");

	private static final String OUT_OF_TURN = "OUTOFTURN ";

	private final RedisLink link;

	private final StreamGroup group;

	private final String consumer;

	private final Fence fence;

	private final Supplier<CompletableFuture<@Nullable StreamProgress>> progress;

	/** Number of the next read. */
	private volatile String number = "0";

	/** Last entry that was delivered, as far as it is known. */
	private volatile @Nullable EntryId last;

	OwnerReads(RedisLink link, StreamGroup group, String consumer, Fence fence,
			Supplier<CompletableFuture<@Nullable StreamProgress>> progress) {
		this.link = link;
		this.group = group;
		this.consumer = consumer;
		this.fence = fence;
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
		List<byte[]> arguments = List.of(this.group.groupName(), StreamCommands.bytes(this.consumer),
				StreamCommands.bytes(Integer.toString(count)), StreamCommands.bytes(this.number));
		return this.fence
			.run(READ, this.link, () -> EntryListOutput.namedEntries(mostBytes),
					List.of(this.group.streamKey(), this.fence.key()), arguments)
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
		return lastDelivered().thenCompose((id) -> {
			CommandArgs<byte[], byte[]> arguments = Requests.arguments()
				.add("COUNT")
				.add(1)
				.add("BLOCK")
				.add(block.toMillis())
				.add("STREAMS")
				.addKey(this.group.streamKey())
				.add(id.toBytes());
			return this.link.send(new RedisRequest<>(CommandType.XREAD, EntryListOutput.namedEntries(0), arguments))
				.thenApply((entries) -> !entries.isEmpty());
		});
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

}
