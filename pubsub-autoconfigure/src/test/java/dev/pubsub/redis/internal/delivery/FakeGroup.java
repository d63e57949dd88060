package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.GroupPosition;
import dev.pubsub.redis.internal.redis.KnownProgress;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.StreamGroup;
import org.jspecify.annotations.Nullable;

/**
 * A stream and a group of it in memory, as Redis 7 has them: its commands are those of
 * {@link FakeGroupClient}. Time is given from outside. Not thread-safe.
 */
final class FakeGroup {

	private static final int MOST_GENERATIONS = 16;

	final StreamGroup name;

	final LongSupplier millis;

	final NavigableMap<EntryId, EntryFields> entries = new TreeMap<>();

	/** Ends of waits. */
	final Map<EntryId, Wait> waits = new LinkedHashMap<>();

	final NavigableMap<EntryId, Pending> pending = new TreeMap<>();

	final Map<String, Long> consumers = new LinkedHashMap<>();

	final Map<String, List<EntryFields>> otherStreams = new LinkedHashMap<>();

	/** Who owns the stream. */
	final FakeOwnership ownership = new FakeOwnership(this);

	private final List<BlockedRead> blocked = new ArrayList<>();

	private final List<Bell> bells = new ArrayList<>();

	private Watcher watcher = new Watcher() {
	};

	boolean streamExists;

	boolean groupExists;

	EntryId last = EntryId.ZERO;

	EntryId delivered = EntryId.ZERO;

	@Nullable EntryId highestDeleted;

	/** Where the group began, by the number of each beginning. */
	private final NavigableMap<Long, EntryId> generations = new TreeMap<>();

	long added;

	/** How many were added up to the last delivered one, negative where unknown. */
	long read;

	/**
	 * When nothing was deleted since, what comes after the delivered one can be counted.
	 */
	boolean hasXackdel;

	FakeGroup(StreamGroup name, LongSupplier millis) {
		this.name = name;
		this.millis = millis;
	}

	/**
	 * Have every change of the pending list watched.
	 */
	void watch(Watcher watcher) {
		this.watcher = watcher;
	}

	Watcher watcher() {
		return this.watcher;
	}

	long now() {
		return this.millis.getAsLong();
	}

	/**
	 * Add an entry, for whoever waits for one.
	 */
	EntryId add(EntryFields fields) {
		EntryId id = nextId();
		add(id, fields);
		return id;
	}

	void add(EntryId id, EntryFields fields) {
		this.streamExists = true;
		this.entries.put(id, fields);
		this.last = id;
		this.added++;
		serveBlocked();
		ring((bell) -> id.compareTo(bell.after) > 0, true);
	}

	/**
	 * Return the id of the entry that is added next.
	 */
	EntryId nextId() {
		return new EntryId(Math.max(now(), this.last.millis()),
				(now() <= this.last.millis()) ? this.last.sequence() + 1 : 0);
	}

	/**
	 * Delete an entry, as {@code XDEL} and trimming do: pending or not.
	 */
	boolean remove(EntryId id) {
		boolean removed = this.entries.remove(id) != null;
		if (removed && (this.highestDeleted == null || id.compareTo(this.highestDeleted) > 0)) {
			this.highestDeleted = id;
		}
		return removed;
	}

	/**
	 * Delete the group: whoever waits for an entry is told.
	 */
	void destroy() {
		this.watcher.lost();
		this.groupExists = false;
		this.pending.clear();
		this.consumers.clear();
		List<BlockedRead> ended = new ArrayList<>(this.blocked);
		this.blocked.clear();
		ended.forEach((read) -> read.reply.completeExceptionally(
				FakeFailures.reply("NOGROUP the consumer group this client was blocked on no longer exists")));
	}

	/**
	 * Delete the stream with its group.
	 */
	void delete() {
		this.watcher.lost();
		this.streamExists = false;
		this.groupExists = false;
		this.entries.clear();
		this.pending.clear();
		this.consumers.clear();
		this.last = EntryId.ZERO;
		this.added = 0;
		this.highestDeleted = null;
		List<BlockedRead> ended = new ArrayList<>(this.blocked);
		this.blocked.clear();
		ended.forEach((read) -> read.reply
			.completeExceptionally(FakeFailures.reply("UNBLOCKED the stream key no longer exists")));
	}

	void require() {
		if (!this.groupExists) {
			throw FakeFailures.reply(
					"NOGROUP No such key '" + this.name.stream() + "' or consumer group '" + this.name.group() + "'");
		}
	}

	void create(String start) {
		if (this.groupExists) {
			throw FakeFailures.reply("BUSYGROUP Consumer Group name already exists");
		}
		this.streamExists = true;
		this.groupExists = true;
		this.delivered = start.equals("$") ? this.last : EntryId.parse(start.contains("-") ? start : start + "-0");
		this.read = this.delivered.equals(EntryId.ZERO) ? 0 : (this.delivered.equals(this.last) ? this.added : -1);
	}

	/**
	 * Create the group unless it exists.
	 */
	GroupPosition begin(EntryId start) {
		if (this.groupExists) {
			return position(false, 0);
		}
		createAfter(start);
		return this.entries.isEmpty() ? position(true, 0) : begins(0);
	}

	/**
	 * Create the group, or move it back where it began again too late.
	 */
	GroupPosition beginAgain(KnownProgress known) {
		EntryId unknown = unknown(known.generation());
		EntryId missed = known.missed();
		if (!this.groupExists) {
			createAfter(lower(lower(known.settled(), unknown), missed));
			return begins(known.generation());
		}
		EntryId back = (missed != null && (unknown != null || known.certain()))
				? lower(lower(known.back(), missed), unknown) : known.back();
		EntryId began = !this.generations.isEmpty() ? this.generations.lastEntry().getValue()
				: known.certain() ? this.delivered : null;
		if (began == null || back.compareTo(began) >= 0 || back.compareTo(this.delivered) >= 0
				|| this.entries.subMap(back, false, began, true).isEmpty()) {
			return position(false, known.generation());
		}
		this.delivered = back;
		this.read = -1;
		this.watcher.movedBack();
		return begins(known.generation());
	}

	private void createAfter(EntryId id) {
		boolean other = this.entries.isEmpty() || this.entries.lastKey().compareTo(id) < 0;
		create((other ? EntryId.ZERO : id).toString());
	}

	private GroupPosition begins(long known) {
		this.generations.put(lastGeneration() + 1, this.delivered);
		if (this.generations.size() > MOST_GENERATIONS) {
			EntryId first = this.generations.pollFirstEntry().getValue();
			this.generations.computeIfPresent(this.generations.firstKey(), (number, began) -> lower(began, first));
		}
		GroupPosition position = position(true, known);
		serveBlocked();
		return position;
	}

	private GroupPosition position(boolean moved, long known) {
		return new GroupPosition(this.delivered, moved, lastGeneration(), lower(this.delivered, unknown(known)));
	}

	private long lastGeneration() {
		return this.generations.isEmpty() ? 0 : this.generations.lastKey();
	}

	private @Nullable EntryId unknown(long known) {
		return this.generations.tailMap(known, false).values().stream().min(EntryId::compareTo).orElse(null);
	}

	private static EntryId lower(EntryId one, @Nullable EntryId other) {
		return (other != null && other.compareTo(one) < 0) ? other : one;
	}

	/**
	 * Read, or wait for the next entry.
	 * @param isGone whether its connection is known to be gone: it gets nothing then
	 */
	CompletableFuture<List<StreamEntry>> read(BlockedRead read) {
		require();
		if (this.entries.higherKey(this.delivered) != null) {
			deliver(read);
		}
		else {
			this.blocked.add(read);
		}
		return read.reply;
	}

	/**
	 * End the waits that are over.
	 */
	void endWaits() {
		ring((bell) -> bell.until - now() <= 0, false);
		for (Iterator<BlockedRead> reads = this.blocked.iterator(); reads.hasNext();) {
			BlockedRead read = reads.next();
			if (read.until - now() <= 0) {
				reads.remove();
				read.reply.complete(List.of());
			}
		}
	}

	/**
	 * The server notices that a connection is gone: what waits there gets nothing.
	 */
	void forget(Waiting waiting) {
		this.blocked.remove(waiting);
		this.bells.remove(waiting);
	}

	/**
	 * Wait for the next entry, and deliver none.
	 */
	CompletableFuture<Boolean> await(Bell bell) {
		this.bells.add(bell);
		if (this.entries.higherKey(bell.after) != null) {
			ring(bell::equals, true);
		}
		return bell.reply;
	}

	private void ring(Predicate<Bell> condition, boolean entry) {
		List<Bell> due = this.bells.stream().filter(condition).toList();
		this.bells.removeAll(due);
		due.forEach((bell) -> bell.reply.complete(entry));
	}

	private void serveBlocked() {
		while (!this.blocked.isEmpty() && this.groupExists && this.entries.higherKey(this.delivered) != null) {
			deliver(this.blocked.remove(0));
		}
	}

	/**
	 * Read, and do not wait.
	 */
	List<StreamEntry> readNow(BlockedRead read) {
		require();
		deliver(read);
		return read.reply.join();
	}

	private void deliver(BlockedRead read) {
		seen(read.consumer);
		List<StreamEntry> reply = new ArrayList<>();
		long bytes = 0;
		EntryId id = this.entries.higherKey(this.delivered);
		while (id != null && reply.size() < read.count) {
			EntryFields fields = fields(id);
			long size = size(fields);
			boolean fits = reply.isEmpty() || bytes + size <= read.mostBytes || read.acknowledged;
			reply.add(new StreamEntry(id, fits ? fields : null, size));
			bytes += fits ? size : 0;
			this.delivered = id;
			this.read += (this.read >= 0) ? 1 : 0;
			if (!read.acknowledged) {
				this.pending.put(id, new Pending(read.consumer, now(), 1));
				this.watcher.delivered(id, read.consumer, 1);
			}
			else {
				this.watcher.handedOver(id, read.consumer);
			}
			id = this.entries.higherKey(this.delivered);
		}
		read.reply.complete(reply);
	}

	EntryFields fields(EntryId id) {
		EntryFields fields = this.entries.get(id);
		if (fields == null) {
			throw new IllegalStateException("No entry " + id);
		}
		return fields;
	}

	void seen(String consumer) {
		this.consumers.put(consumer, now());
	}

	static long size(EntryFields fields) {
		long[] size = new long[1];
		fields.forEach((name, value) -> size[0] += name.length + 16 + value.length + 16);
		return size[0];
	}

	/**
	 * A pending entry.
	 */
	static final class Pending {

		String consumer;

		long since;

		int deliveries;

		Pending(String consumer, long since, int deliveries) {
			this.consumer = consumer;
			this.since = since;
			this.deliveries = deliveries;
		}

	}

	/**
	 * A wait that is longer than the lease.
	 *
	 * @param end its end, in milliseconds
	 * @param deliveries how often the entry was delivered before
	 */
	record Wait(long end, int deliveries) {
	}

	/**
	 * A read that may have to wait.
	 *
	 * @param until when it ends, in milliseconds
	 */
	record BlockedRead(String consumer, int count, long until, boolean acknowledged, long mostBytes,
			CompletableFuture<List<StreamEntry>> reply) implements Waiting {

		static BlockedRead of(String consumer, int count, Duration block, boolean acknowledged, long mostBytes,
				long now) {
			return new BlockedRead(consumer, count, now + block.toMillis(), acknowledged, mostBytes,
					new CompletableFuture<>());
		}

		@Override
		public void end() {
			this.reply.complete(List.of());
		}

	}

	/**
	 * A wait for an entry.
	 *
	 * @param after id after which it is
	 * @param until when it ends, in milliseconds
	 */
	record Bell(EntryId after, long until, CompletableFuture<Boolean> reply) implements Waiting {

		@Override
		public void end() {
			this.reply.complete(false);
		}

	}

	/**
	 * A command that waits in the server.
	 */
	interface Waiting {

		CompletableFuture<?> reply();

		/**
		 * Its time is over.
		 */
		void end();

	}

	/**
	 * Sees what happens to the pending list.
	 */
	interface Watcher {

		default void delivered(EntryId id, String consumer, int deliveries) {
		}

		/**
		 * An entry is delivered, and was acknowledged by that.
		 */
		default void handedOver(EntryId id, String consumer) {
		}

		/**
		 * An entry got another owner, or was delivered again.
		 * @param idle for how long it was idle, in milliseconds
		 */
		default void claimed(EntryId id, String from, String to, long idle) {
		}

		/**
		 * Its owner said how long it counts as idle.
		 */
		default void touched(EntryId id) {
		}

		default void acknowledged(EntryId id, String by) {
		}

		/**
		 * A consumer deleted an entry.
		 */
		default void deleted(EntryId id) {
		}

		/**
		 * An entry ended with a dead letter.
		 * @param before the entry as it was pending, if it was
		 * @param by the consumer that gave it up
		 * @param idle for how long it was idle, in milliseconds
		 */
		default void deadLettered(EntryId id, @Nullable Pending before, String by, long idle) {
		}

		/**
		 * A pending entry is gone whose payload was deleted before.
		 */
		default void payloadGone(EntryId id) {
		}

		default void consumerDeleted(String consumer, long pending) {
		}

		default void lost() {
		}

		/**
		 * A consumer owns the stream from now on.
		 */
		default void owns(String consumer, long token) {
		}

		/**
		 * An owner made an entry its own, without a delivery.
		 */
		default void takenOver(EntryId id, String by) {
		}

		/**
		 * An attempt is given back.
		 */
		default void released(EntryId id, int attempt) {
		}

		/**
		 * The group delivers again what it delivered since it was lost.
		 */
		default void movedBack() {
		}

	}

}
