package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.pubsub.redis.EntryFields;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer may do with an entry only while it owns it: each checks the owner and
 * acts in one step. Each is sent on the link at once and answers with a future.
 */
public final class GroupScripts {

	private static final RedisScript CLAIM = RedisScript.load("claim");

	private static final RedisScript RENEW = RedisScript.load("renew");

	private static final RedisScript BACKOFF = RedisScript.load("backoff");

	private static final RedisScript RELEASE = RedisScript.load("release");

	private static final RedisScript TAKE = RedisScript.load("take");

	private static final RedisScript DEAD = RedisScript.load("dead");

	private static final RedisScript GIVE_UP = RedisScript.load("give_up");

	private static final RedisScript REAP = RedisScript.load("reap");

	private static final RedisScript BEGIN_AGAIN = RedisScript.load("begin_again");

	/**
	 * For how long consumers that lose a group agree on where it began again.
	 */
	private static final long AGREEMENT_SECONDS = 3600;

	private static final RedisScript PROGRESS = RedisScript.load("progress");

	/**
	 * How many payloads are worth a command of their own.
	 */
	private static final int MANY = 8;

	private final RedisLink link;

	private final StreamGroup group;

	private final EntryPayloads payloads;

	private final byte[] consumer;

	private final byte[] waits;

	private final byte[] began;

	private final @Nullable Fence fence;

	public GroupScripts(RedisLink link, StreamGroup group, String consumer) {
		this(link, group, consumer, null);
	}

	/**
	 * Create scripts of the owner of a stream. The fence stands before those that act on
	 * entries of other consumers, or on the group.
	 */
	GroupScripts(RedisLink link, StreamGroup group, String consumer, @Nullable Fence fence) {
		this.fence = fence;
		this.link = link;
		this.group = group;
		this.payloads = new EntryPayloads(link, group.stream());
		this.consumer = StreamCommands.bytes(consumer);
		this.waits = group.keyBeside(":waits");
		this.began = group.keyBeside(":began-again");
	}

	/**
	 * Take over entries that nobody renewed for long enough. Each counts as delivered
	 * once more; how often it was, Redis alone knows, as others may have had it since it
	 * was listed.
	 * @param minIdle shortest idle time
	 * @param ids ids of the entries
	 * @param limit how much to bring at once
	 * @return one result per id, in the same order
	 */
	public CompletableFuture<List<TakenEntry>> claim(Duration minIdle, List<EntryId> ids, ReplyLimit limit) {
		if (limit.apart() > 0) {
			return apart(ids, limit, (few) -> claim(minIdle, few, ReplyLimit.NO_PAYLOAD));
		}
		if (limit.small() && ids.size() >= MANY) {
			return claimSmall(minIdle, ids, limit);
		}
		List<byte[]> arguments = arguments(limit);
		arguments.add(number(minIdle.toMillis()));
		ids.forEach((id) -> arguments.add(id.toBytes()));
		Supplier<CommandOutput<byte[], byte[], List<TakenEntry>>> output = () -> (limit.entry() == 0)
				? new ClaimedOutput(ids) : new TreeOutput<>((reply) -> TakenEntry.listOf(reply, ids));
		return fenced(CLAIM, output, List.of(this.group.streamKey(), this.waits), arguments);
	}

	/**
	 * Renew leases.
	 * @param ids ids of the entries
	 * @return what became of each, in the same order
	 */
	public CompletableFuture<List<Ownership>> renew(List<EntryId> ids) {
		return run(RENEW, arguments(ids), (reply) -> reply.list().stream().map(Ownership::of).toList());
	}

	/**
	 * Make an entry claimable by anybody after a delay.
	 * @param id id of the entry
	 * @param idle for how long it shall count as idle: the lease less the delay
	 * @param wait the delay, where it is longer than the lease, else zero
	 * @return what became of it
	 */
	public CompletableFuture<Ownership> backoff(EntryId id, Duration idle, Duration wait) {
		List<byte[]> arguments = arguments();
		arguments.add(id.toBytes());
		arguments.add(number(idle.toMillis()));
		arguments.add(number(wait.toMillis()));
		return BACKOFF.run(this.link, List.of(this.group.streamKey(), this.waits), arguments, Ownership::of);
	}

	/**
	 * Hand back entries that were never started, without costing them an attempt.
	 * @param ids ids of the entries
	 * @return how many were handed back
	 */
	public CompletableFuture<Long> release(List<EntryId> ids) {
		return run(RELEASE, arguments(ids), Reply::number);
	}

	/**
	 * Deliver entries to this consumer again, where it owns them. It does not count as a
	 * delivery.
	 * @param ids ids of the entries
	 * @param limit how much to bring at once
	 * @return one result per id, in the same order
	 */
	public CompletableFuture<List<TakenEntry>> take(List<EntryId> ids, ReplyLimit limit) {
		if (limit.apart() > 0) {
			return apart(ids, limit, (few) -> take(few, ReplyLimit.NO_PAYLOAD));
		}
		List<byte[]> arguments = arguments(limit);
		ids.forEach((id) -> arguments.add(id.toBytes()));
		return run(TAKE, arguments, (reply) -> TakenEntry.listOf(reply, ids));
	}

	/**
	 * Give up an entry whose attempts are used up and that nobody renewed for long
	 * enough, whoever owns it: it is copied to the dead-letter stream and acknowledged,
	 * and its payload stays on the server.
	 * @param id id of the entry
	 * @param minIdle shortest idle time
	 * @param minDeliveries how often it was delivered at least
	 * @param place where dead letters go
	 * @param letter what the dead letter has beside the fields of the entry
	 * @param copy what to do with the fields of the entry
	 * @return what became of it
	 */
	public CompletableFuture<GivenUp> giveUp(EntryId id, Duration minIdle, int minDeliveries, DeadLetterPlace place,
			EntryFields letter, Copy copy) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(this.group.groupName());
		arguments.add(id.toBytes());
		arguments.add(number(minIdle.toMillis()));
		arguments.add(number(minDeliveries));
		arguments.add(number(place.maxLength()));
		arguments.add(number(place.deletesOriginal() ? 1 : 0));
		arguments.add(number(RedisScript.MOST_FIELDS - letter.size()));
		arguments.add(number(copy.number));
		add(letter, arguments);
		return fenced(GIVE_UP, keys(place), arguments, GivenUp::of);
	}

	/**
	 * Copy an entry to a dead-letter stream and acknowledge it.
	 * @param id id of the entry
	 * @param place where dead letters go
	 * @param fields fields of the dead letter
	 * @param deleted whether the entry was found deleted while it was owned
	 * @return whether it was done; not when the entry is not owned any more
	 */
	public CompletableFuture<Boolean> deadLetter(EntryId id, DeadLetterPlace place, EntryFields fields,
			boolean deleted) {
		if (place.stream() != null && fields.size() > RedisScript.MOST_FIELDS) {
			return copyAndAcknowledge(id, place, fields, deleted);
		}
		List<byte[]> arguments = arguments();
		arguments.add(id.toBytes());
		arguments.add(number(place.maxLength()));
		arguments.add(number(deleted ? 1 : 0));
		arguments.add(number(place.deletesOriginal() ? 1 : 0));
		add(fields, arguments);
		return DEAD.run(this.link, keys(place), arguments, (reply) -> reply.number() == 1);
	}

	/**
	 * Create the group unless it exists, and the stream where it is absent.
	 * @param start entries after this id will be delivered
	 * @return where the group is now, and whether this created it
	 */
	public CompletableFuture<GroupPosition> begin(EntryId start) {
		return BEGIN_AGAIN.run(this.link, List.of(this.group.streamKey(), this.began),
				arguments(2, new KnownProgress(start, start, null, false, 0)), GroupScripts::position);
	}

	/**
	 * Begin a group again that was lost, or move it back: consumers that lose a group
	 * agree on the lowest id of all.
	 * @param known what this consumer knows of it
	 * @return where the group is now, and whether this changed it
	 */
	public CompletableFuture<GroupPosition> beginAgain(KnownProgress known) {
		return fenced(BEGIN_AGAIN, List.of(this.group.streamKey(), this.began),
				arguments(known.certain() ? 1 : 0, known), GroupScripts::position);
	}

	private List<byte[]> arguments(int certainty, KnownProgress known) {
		EntryId missed = known.missed();
		return List.of(this.group.groupName(), number(certainty), known.settled().toBytes(), known.back().toBytes(),
				(missed != null) ? missed.toBytes() : new byte[0], number(known.generation()),
				number(AGREEMENT_SECONDS));
	}

	private static GroupPosition position(Reply reply) {
		List<Reply> values = reply.list();
		return new GroupPosition(EntryId.parse(values.get(1).text()), values.get(0).number() == 1,
				Long.parseLong(values.get(2).text()), EntryId.parse(values.get(3).text()));
	}

	/**
	 * Ask how far the stream and the group have come.
	 * @return the answer, {@code null} when one of them is absent
	 */
	public CompletableFuture<@Nullable StreamProgress> progress() {
		return run(PROGRESS, List.of(this.group.groupName()), StreamProgress::of);
	}

	/**
	 * Delete other consumers that own nothing and have been idle for longer than a limit.
	 * @param limit longest idle time
	 * @return how many were deleted
	 */
	public CompletableFuture<Long> reapOthers(Duration limit) {
		List<byte[]> arguments = arguments();
		arguments.add(number(limit.toMillis()));
		return run(REAP, arguments, Reply::number);
	}

	/**
	 * Delete this consumer if it owns nothing.
	 * @return 1 if it was deleted
	 */
	public CompletableFuture<Long> reapSelf() {
		List<byte[]> arguments = arguments();
		arguments.add(number(-1));
		return run(REAP, arguments, Reply::number);
	}

	/**
	 * Dead-letter an entry that has too many fields for a script: the same in three
	 * steps, of which the copy is repeated when one after it fails.
	 */
	private CompletableFuture<Boolean> copyAndAcknowledge(EntryId id, DeadLetterPlace place, EntryFields fields,
			boolean deleted) {
		String stream = Objects.requireNonNull(place.stream());
		Long trimTo = (place.maxLength() > 0) ? place.maxLength() : null;
		AddOptions options = new AddOptions(null, trimTo, null, true, false, true, null);
		return renew(List.of(id)).thenCompose((ownerships) -> {
			Ownership ownership = ownerships.get(0);
			if (ownership == Ownership.LOST || (ownership == Ownership.UNOWNED && !deleted)) {
				return CompletableFuture.completedFuture(false);
			}
			return new StreamCommands(this.link).add(stream, fields, options)
				.thenCompose((copy) -> deadLetter(id, place.withoutStream(), EntryFields.of(), deleted));
		});
	}

	/**
	 * Get entries in two steps: what a script says of them, then their payloads.
	 */
	private CompletableFuture<List<TakenEntry>> apart(List<EntryId> ids, ReplyLimit limit,
			Function<List<EntryId>, CompletableFuture<List<TakenEntry>>> script) {
		List<EntryId> few = ids.subList(0, Math.min(ids.size(), limit.apart()));
		return script.apply(few)
			.thenCompose((taken) -> this.payloads.oneByOne(few, taken))
			.thenApply((taken) -> TakenEntry.fill(taken, ids.size()));
	}

	/**
	 * Claim small entries, and get their payloads beside the script. Those that are not
	 * small after all are handed back where there is no room for them.
	 */
	private CompletableFuture<List<TakenEntry>> claimSmall(Duration minIdle, List<EntryId> ids, ReplyLimit limit) {
		CompletableFuture<List<TakenEntry>> claimed = claim(minIdle, ids, ReplyLimit.NO_PAYLOAD);
		return claimed
			.thenCombine(this.payloads.together(ids, limit.all()),
					(taken, found) -> new ClaimedEntries(ids, taken, found, limit))
			.thenCompose(this::complete);
	}

	private CompletableFuture<List<TakenEntry>> complete(ClaimedEntries claimed) {
		if (claimed.absent().isEmpty()) {
			return CompletableFuture.completedFuture(claimed.all());
		}
		return take(claimed.absent(), claimed.room()).thenCompose((taken) -> {
			List<EntryId> rest = claimed.complete(taken);
			return rest.isEmpty() ? CompletableFuture.completedFuture(claimed.all())
					: release(rest).thenApply((count) -> claimed.all());
		});
	}

	private <T extends @Nullable Object> CompletableFuture<T> run(RedisScript script, List<byte[]> arguments,
			Function<Reply, T> mapper) {
		return script.run(this.link, List.of(this.group.streamKey()), arguments, mapper);
	}

	private <T> CompletableFuture<T> fenced(RedisScript script, List<byte[]> keys, List<byte[]> arguments,
			Function<Reply, T> mapper) {
		return fenced(script, () -> new TreeOutput<>(mapper), keys, arguments);
	}

	private <T> CompletableFuture<T> fenced(RedisScript script,
			Supplier<? extends CommandOutput<byte[], byte[], T>> output, List<byte[]> keys, List<byte[]> arguments) {
		Fence present = this.fence;
		return (present != null) ? present.run(script, this.link, output, keys, arguments)
				: script.run(this.link, null, output, keys, arguments);
	}

	private List<byte[]> keys(DeadLetterPlace place) {
		return (place.stream() != null) ? List.of(this.group.streamKey(), StreamCommands.bytes(place.stream()))
				: List.of(this.group.streamKey());
	}

	private static void add(EntryFields fields, List<byte[]> arguments) {
		fields.forEach((name, value) -> {
			arguments.add(name);
			arguments.add(value);
		});
	}

	private List<byte[]> arguments(ReplyLimit limit) {
		List<byte[]> arguments = arguments();
		arguments.add(number(limit.entry()));
		arguments.add(number(limit.all()));
		return arguments;
	}

	private List<byte[]> arguments() {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(this.group.groupName());
		arguments.add(this.consumer);
		return arguments;
	}

	private List<byte[]> arguments(List<EntryId> ids) {
		List<byte[]> arguments = arguments();
		ids.forEach((id) -> arguments.add(id.toBytes()));
		return arguments;
	}

	private static byte[] number(long number) {
		return StreamCommands.bytes(Long.toString(number));
	}

	/**
	 * What a dead letter has of its entry's fields. The script knows the numbers.
	 */
	public enum Copy {

		/**
		 * All of them.
		 */
		ALL(0),

		/**
		 * All, or none where they are too many for a script.
		 */
		ALL_OR_NONE(1),

		/**
		 * None, without a look at the entry: it is known to be too large.
		 */
		NONE(2);

		private final int number;

		Copy(int number) {
			this.number = number;
		}

	}

}
