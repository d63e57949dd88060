package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.delivery.FakeGroup.Bell;
import dev.pubsub.redis.internal.delivery.FakeGroup.BlockedRead;
import dev.pubsub.redis.internal.delivery.FakeGroup.Pending;
import dev.pubsub.redis.internal.redis.DeadLetterPlace;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.FakeOwnerReads;
import dev.pubsub.redis.internal.redis.Fence;
import dev.pubsub.redis.internal.redis.GivenUp;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupPosition;
import dev.pubsub.redis.internal.redis.GroupCommands.ConsumerState;
import dev.pubsub.redis.internal.redis.GroupScripts.Copy;
import dev.pubsub.redis.internal.redis.KeyedEntry;
import dev.pubsub.redis.internal.redis.KnownProgress;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.internal.redis.PendingEntry;
import dev.pubsub.redis.internal.redis.ReplyLimit;
import dev.pubsub.redis.internal.redis.StreamEntry;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.internal.redis.StreamProgress;
import dev.pubsub.redis.internal.redis.TakenEntry;
import org.jspecify.annotations.Nullable;

/**
 * The commands on a {@link FakeGroup}, with the replies and errors of a server. What is
 * between the two is a {@link Wire}.
 */
class FakeGroupClient implements GroupClient {

	private static final long LONG_AGO = Duration.ofDays(365).toMillis();

	private static final Duration BLOCK = Duration.ofSeconds(1);

	private final FakeGroup server;

	private final String consumer;

	private final Wire wire;

	private @Nullable Fence fence;

	private @Nullable FakeOwnerReads reads;

	FakeGroupClient(FakeGroup server, String consumer, Wire wire) {
		this.server = server;
		this.consumer = consumer;
		this.wire = wire;
	}

	@Override
	public StreamGroup group() {
		return this.server.name;
	}

	@Override
	public String consumer() {
		return this.consumer;
	}

	FakeGroup server() {
		return this.server;
	}

	/**
	 * Stand behind a fence: as the owner of the stream.
	 */
	FakeGroupClient behind(Fence fence) {
		this.fence = fence;
		this.reads = new Reads();
		return this;
	}

	/**
	 * Make entries that are pending this consumer's, as the owner of the stream.
	 */
	CompletableFuture<List<KeyedEntry>> takeOver(@Nullable EntryId after, int count, String keyField) {
		return fenced("TAKE_OVER", () -> pending(after, count, (pending) -> true).stream().map((listed) -> {
			EntryFields fields = this.server.entries.get(listed.id());
			if (fields == null) {
				return new KeyedEntry(listed.id(), listed.deliveries(), null, false);
			}
			if (!listed.consumer().equals(this.consumer)) {
				this.server.seen(this.consumer);
				this.server.pending.get(listed.id()).consumer = this.consumer;
				this.server.watcher().takenOver(listed.id(), this.consumer);
			}
			return new KeyedEntry(listed.id(), listed.deliveries(), fields.getText(keyField), true);
		}).toList());
	}

	/**
	 * Execute a command unless another consumer owns the stream.
	 */
	private <T extends @Nullable Object> CompletableFuture<T> fenced(String command, Supplier<T> execution) {
		Fence present = this.fence;
		if (present == null) {
			return send(command, execution);
		}
		return this.<T>send(command, () -> {
			if (isFenced()) {
				this.server.ownership.require(FakeOwnerReads.holder(present));
			}
			return execution.get();
		}).whenComplete((reply, failure) -> FakeOwnerReads.answered(present, failure));
	}

	boolean isFenced() {
		return true;
	}

	/**
	 * Return whether a read of an owner that finds nothing waits for the next entry.
	 */
	boolean blocks() {
		return false;
	}

	private <T extends @Nullable Object> CompletableFuture<T> send(String command, Supplier<T> execution) {
		return this.wire.send(command, () -> CompletableFuture.completedFuture(execution.get()));
	}

	@Override
	public CompletableFuture<Boolean> create(String startId) {
		return send("XGROUP", () -> {
			this.server.create(startId);
			return true;
		});
	}

	@Override
	public CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes) {
		FakeOwnerReads ofOwner = this.reads;
		if (ofOwner != null) {
			return ofOwner.read(count, block, acknowledged, mostBytes);
		}
		return this.wire.send("XREADGROUP", () -> {
			BlockedRead read = BlockedRead.of(this.consumer, count, block, acknowledged, mostBytes, this.server.now());
			CompletableFuture<List<StreamEntry>> reply = this.server.read(read);
			if (!reply.isDone()) {
				this.wire.waits(this.server, read, block);
			}
			return reply;
		});
	}

	@Override
	public CompletableFuture<Long> acknowledge(List<EntryId> ids) {
		return send("XACK", () -> ids.stream().filter(this::acknowledge).count());
	}

	private boolean acknowledge(EntryId id) {
		boolean was = this.server.pending.remove(id) != null;
		if (was) {
			this.server.watcher().acknowledged(id, this.consumer);
		}
		return was;
	}

	@Override
	public CompletableFuture<Long> acknowledgeAndDelete(List<EntryId> ids) {
		return send("XACKDEL", () -> {
			if (!this.server.hasXackdel) {
				throw FakeFailures.reply("ERR unknown command 'XACKDEL', with args beginning with: ");
			}
			long done = ids.stream().filter(this::acknowledge).count();
			ids.forEach(this::remove);
			return done;
		});
	}

	@Override
	public CompletableFuture<GroupPosition> begin(EntryId start) {
		return send("BEGIN", () -> this.server.begin(start));
	}

	@Override
	public CompletableFuture<GroupPosition> beginAgain(KnownProgress known) {
		return fenced("BEGIN", () -> this.server.beginAgain(known));
	}

	@Override
	public CompletableFuture<Long> delete(List<EntryId> ids) {
		return send("XDEL", () -> ids.stream().filter(this::remove).count());
	}

	private boolean remove(EntryId id) {
		boolean removed = this.server.remove(id);
		if (removed) {
			this.server.watcher().deleted(id);
		}
		return removed;
	}

	@Override
	public CompletableFuture<List<PendingEntry>> pending(Duration minIdle, @Nullable EntryId after, int count) {
		return send("XPENDING", () -> pending(after, count, (pending) -> idle(pending) >= minIdle.toMillis()));
	}

	@Override
	public CompletableFuture<List<PendingEntry>> ownPending(@Nullable EntryId after, int count) {
		return send("XPENDING", () -> pending(after, count, (pending) -> pending.consumer.equals(this.consumer)));
	}

	private List<PendingEntry> pending(@Nullable EntryId after, int count, Function<Pending, Boolean> filter) {
		this.server.require();
		return this.server.pending.entrySet()
			.stream()
			.filter((entry) -> after == null || entry.getKey().compareTo(after) > 0)
			.filter((entry) -> filter.apply(entry.getValue()))
			.limit(count)
			.map((entry) -> new PendingEntry(entry.getKey(), entry.getValue().consumer, idle(entry.getValue()),
					entry.getValue().deliveries))
			.toList();
	}

	private long idle(Pending pending) {
		return Math.max(0, this.server.now() - pending.since);
	}

	@Override
	public CompletableFuture<Optional<ConsumerState>> consumer(String name) {
		return send("XINFO", () -> {
			requireConsumers();
			Long seen = this.server.consumers.get(name);
			return Optional.ofNullable(seen)
				.map((time) -> new ConsumerState(Duration.ofMillis(this.server.now() - time), owned(name)));
		});
	}

	private void requireConsumers() {
		if (!this.server.streamExists) {
			throw FakeFailures.reply("ERR no such key");
		}
		this.server.require();
	}

	private long owned(String name) {
		return this.server.pending.values().stream().filter((pending) -> pending.consumer.equals(name)).count();
	}

	@Override
	public CompletableFuture<List<TakenEntry>> claim(Duration minIdle, List<EntryId> ids, ReplyLimit limit) {
		return fenced("CLAIM", () -> taken(ids, limit,
				(id, pending) -> idle(pending) >= minIdle.toMillis() && !mustWait(id, pending, minIdle.toMillis()),
				counted()));
	}

	private boolean mustWait(EntryId id, Pending pending, long minIdle) {
		FakeGroup.Wait wait = this.server.waits.getOrDefault(id, new FakeGroup.Wait(0, 0));
		long rest = wait.end() - this.server.now();
		if (rest <= 0 || wait.deliveries() != pending.deliveries) {
			this.server.waits.remove(id);
			return false;
		}
		pending.since = this.server.now() - Math.max(0, minIdle - rest);
		this.server.watcher().touched(id);
		return true;
	}

	/**
	 * Return how much a claim adds to the deliveries.
	 */
	int counted() {
		return 1;
	}

	@Override
	public CompletableFuture<List<TakenEntry>> take(List<EntryId> ids, ReplyLimit limit) {
		return send("TAKE", () -> taken(ids, limit, (id, pending) -> owns(pending), 0));
	}

	private List<TakenEntry> taken(List<EntryId> ids, ReplyLimit limit, Condition condition, int more) {
		this.server.require();
		List<TakenEntry> replies = new ArrayList<>();
		long total = 0;
		for (EntryId id : ids) {
			Pending pending = this.server.pending.get(id);
			if (total >= limit.all()) {
				replies.addAll(FakeFailures.leftOut(1));
			}
			else if (pending == null || !condition.holds(id, pending)) {
				replies.add(new TakenEntry(Ownership.LOST, null, null));
			}
			else {
				PendingEntry before = new PendingEntry(id, pending.consumer, idle(pending), pending.deliveries + more);
				boolean present = move(id, pending, 0, pending.deliveries + more);
				long size = present ? FakeGroup.size(this.server.fields(id)) : 0;
				boolean fits = size <= limit.entry();
				total += fits ? size : 0;
				if (limit.entry() == 0 && present) {
					replies.add(new TakenEntry(Ownership.OWNED, new StreamEntry(id, null, 1), before));
				}
				else {
					StreamEntry entry = present ? new StreamEntry(id, fits ? this.server.fields(id) : null, size)
							: null;
					replies.add(present ? new TakenEntry(Ownership.OWNED, entry, before)
							: new TakenEntry(Ownership.PAYLOAD_GONE, null, null));
				}
			}
		}
		return replies;
	}

	/**
	 * Claim without a condition. What has no payload any more is pending no more.
	 * @return whether it has a payload
	 */
	private boolean move(EntryId id, Pending pending, long idle, int deliveries) {
		this.server.seen(this.consumer);
		if (!this.server.entries.containsKey(id)) {
			this.server.pending.remove(id);
			this.server.watcher().payloadGone(id);
			return false;
		}
		if (!owns(pending) || deliveries > pending.deliveries) {
			this.server.watcher().claimed(id, pending.consumer, this.consumer, idle(pending));
		}
		if (deliveries > pending.deliveries) {
			this.server.watcher().delivered(id, this.consumer, deliveries);
		}
		this.server.watcher().touched(id);
		pending.consumer = this.consumer;
		pending.since = this.server.now() - idle;
		pending.deliveries = deliveries;
		return true;
	}

	private boolean owns(String command, @Nullable Pending pending) {
		return pending != null && (owns(pending) || !asksWhoOwns(command));
	}

	boolean asksWhoOwns(String command) {
		return true;
	}

	private boolean owns(@Nullable Pending pending) {
		return pending != null && pending.consumer.equals(this.consumer);
	}

	@Override
	public CompletableFuture<List<Ownership>> renew(List<EntryId> ids) {
		return send("RENEW", () -> {
			this.server.require();
			return ids.stream().map(this::renew).toList();
		});
	}

	private Ownership renew(EntryId id) {
		Pending pending = this.server.pending.get(id);
		if (pending == null) {
			return Ownership.UNOWNED;
		}
		if (!owns("RENEW", pending)) {
			return Ownership.LOST;
		}
		return move(id, pending, 0, pending.deliveries) ? Ownership.OWNED : Ownership.PAYLOAD_GONE;
	}

	@Override
	public CompletableFuture<Ownership> backoff(EntryId id, Duration idle, Duration wait) {
		return send("BACKOFF", () -> {
			this.server.require();
			Pending pending = this.server.pending.get(id);
			if (pending == null || !owns("BACKOFF", pending)) {
				return Ownership.LOST;
			}
			if (!this.server.entries.containsKey(id)) {
				return Ownership.PAYLOAD_GONE;
			}
			move(id, pending, idle.toMillis(), pending.deliveries);
			this.server.waits.remove(id);
			if (!wait.isZero()) {
				this.server.waits.put(id, new FakeGroup.Wait(this.server.now() + wait.toMillis(), pending.deliveries));
			}
			return Ownership.OWNED;
		});
	}

	@Override
	public CompletableFuture<Long> release(List<EntryId> ids) {
		return send("RELEASE", () -> {
			this.server.require();
			return ids.stream().filter(this::release).count();
		});
	}

	private boolean release(EntryId id) {
		Pending pending = this.server.pending.get(id);
		if (pending == null || !owns("RELEASE", pending)) {
			return false;
		}
		if (idle(pending) >= LONG_AGO / 2) {
			return true;
		}
		this.server.watcher().released(id, pending.deliveries);
		move(id, pending, LONG_AGO, Math.max(0, pending.deliveries - 1));
		return true;
	}

	@Override
	public CompletableFuture<GivenUp> giveUp(EntryId id, Duration minIdle, int minDeliveries, DeadLetterPlace place,
			EntryFields letter, Copy copy) {
		return fenced("GIVE_UP", () -> {
			this.server.require();
			Pending pending = this.server.pending.get(id);
			if (pending == null || idle(pending) < minIdle.toMillis() || pending.deliveries < minDeliveries) {
				return new GivenUp(GivenUp.Outcome.NOT_CLAIMABLE, "", 0);
			}
			EntryFields fields = this.server.entries.get(id);
			if (fields == null && copy != Copy.NONE) {
				return new GivenUp(GivenUp.Outcome.PAYLOAD_GONE, pending.consumer, 0);
			}
			boolean bare = fields == null || copy == Copy.NONE;
			EntryFields all = bare ? letter : EntryFields.builder().addAll(fields).addAll(letter).build();
			settleDead(id, place, all);
			boolean copied = !bare || place.stream() == null;
			if (place.deletesOriginal() && copied) {
				remove(id);
			}
			return new GivenUp(copied ? GivenUp.Outcome.COPIED : GivenUp.Outcome.WITHOUT_FIELDS, pending.consumer,
					bare ? 0 : FakeGroup.size(fields));
		});
	}

	@Override
	public CompletableFuture<Boolean> deadLetter(EntryId id, DeadLetterPlace place, EntryFields fields,
			boolean deleted) {
		return send("DEAD", () -> {
			this.server.require();
			Pending pending = this.server.pending.get(id);
			boolean orphan = pending == null && deleted && !this.server.entries.containsKey(id);
			if (!orphan && !owns("DEAD", pending)) {
				return false;
			}
			settleDead(id, place, fields);
			if (place.deletesOriginal()) {
				remove(id);
			}
			return true;
		});
	}

	private void settleDead(EntryId id, DeadLetterPlace place, EntryFields letter) {
		String stream = place.stream();
		if (stream != null) {
			this.server.otherStreams.computeIfAbsent(stream, (key) -> new ArrayList<>()).add(letter);
		}
		Pending pending = this.server.pending.get(id);
		if (endsWithItsLetter()) {
			this.server.pending.remove(id);
		}
		this.server.watcher().deadLettered(id, pending, this.consumer, (pending != null) ? idle(pending) : 0);
	}

	boolean endsWithItsLetter() {
		return true;
	}

	@Override
	public CompletableFuture<@Nullable StreamProgress> progress() {
		return send("PROGRESS", () -> {
			if (!this.server.streamExists || !this.server.groupExists) {
				return null;
			}
			EntryId first = this.server.entries.isEmpty() ? null : this.server.entries.firstKey();
			long read = this.server.read;
			return new StreamProgress(this.server.last, first, this.server.entries.size(), this.server.delivered,
					this.server.added, this.server.highestDeleted, read, (read >= 0) ? this.server.added - read : -1);
		});
	}

	@Override
	public CompletableFuture<Long> reapOthers(Duration limit) {
		return send("REAP", () -> reap((name) -> !name.equals(this.consumer)
				&& this.server.now() - this.server.consumers.get(name) > limit.toMillis()));
	}

	@Override
	public CompletableFuture<Long> reapSelf() {
		return send("REAP", () -> reap((name) -> name.equals(this.consumer)));
	}

	private long reap(Function<String, Boolean> condition) {
		requireConsumers();
		List<String> due = this.server.consumers.keySet()
			.stream()
			.filter(condition::apply)
			.filter((name) -> isReaped(owned(name)))
			.toList();
		due.forEach((name) -> {
			this.server.watcher().consumerDeleted(name, owned(name));
			this.server.consumers.remove(name);
		});
		return due.size();
	}

	boolean isReaped(long owned) {
		return owned == 0;
	}

	@Override
	public CompletableFuture<@Nullable EntryId> lastId() {
		return send("XREVRANGE", () -> this.server.entries.isEmpty() ? null : this.server.entries.lastKey());
	}

	@Override
	public CompletableFuture<Long> length(String stream) {
		return send("XLEN", () -> {
			if (stream.equals(this.server.name.stream())) {
				return (long) this.server.entries.size();
			}
			return (long) this.server.otherStreams.getOrDefault(stream, List.of()).size();
		});
	}

	/**
	 * What an owner reads with.
	 */
	private final class Reads extends FakeOwnerReads {

		Reads() {
			super(FakeGroupClient.this::progress);
		}

		@Override
		public CompletableFuture<Boolean> open(String gate) {
			return fenced("OWNER_GATE", () -> FakeGroupClient.this.server.ownership.open(gate));
		}

		@Override
		public CompletableFuture<List<StreamEntry>> deliver(int count, long mostBytes, String gate) {
			FakeGroup server = FakeGroupClient.this.server;
			BlockedRead read = BlockedRead.of(FakeGroupClient.this.consumer, count, BLOCK, false, mostBytes,
					server.now());
			if (blocks()) {
				return FakeGroupClient.this.wire.send("OWNER_READ", () -> {
					server.ownership.requireOpen(gate);
					CompletableFuture<List<StreamEntry>> reply = server.read(read);
					if (!reply.isDone()) {
						FakeGroupClient.this.wire.waits(server, read, BLOCK);
					}
					return reply;
				});
			}
			return send("OWNER_READ", () -> {
				if (isFenced()) {
					server.ownership.requireOpen(gate);
				}
				return server.readNow(read);
			});
		}

		@Override
		public CompletableFuture<Boolean> await(EntryId after, Duration block) {
			FakeGroup server = FakeGroupClient.this.server;
			return FakeGroupClient.this.wire.send("XREAD", () -> {
				Bell bell = new Bell(after, server.now() + block.toMillis(), new CompletableFuture<>());
				CompletableFuture<Boolean> reply = server.await(bell);
				if (!reply.isDone()) {
					FakeGroupClient.this.wire.waits(server, bell, block);
				}
				return reply;
			});
		}

	}

	private interface Condition {

		boolean holds(EntryId id, Pending pending);

	}

	/**
	 * Makes clients.
	 */
	interface Factory {

		FakeGroupClient of(FakeGroup server, String consumer, Wire wire);

	}

	/**
	 * What is between a client and its server.
	 */
	interface Wire {

		/**
		 * Executes at once, and replies at once.
		 */
		Wire NONE = new Wire() {

			@Override
			public <T extends @Nullable Object> CompletableFuture<T> send(String command,
					Supplier<CompletableFuture<T>> execution) {
				try {
					return execution.get();
				}
				catch (RuntimeException ex) {
					return CompletableFuture.failedFuture(ex);
				}
			}

		};

		<T extends @Nullable Object> CompletableFuture<T> send(String command,
				Supplier<CompletableFuture<T>> execution);

		/**
		 * A command begins to wait in the server.
		 * @param atMost for how long
		 */
		default void waits(FakeGroup server, FakeGroup.Waiting waiting, Duration atMost) {
			server.forget(waiting);
			waiting.end();
		}

	}

}
