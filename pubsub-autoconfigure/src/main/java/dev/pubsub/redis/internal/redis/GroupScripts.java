package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.pubsub.redis.EntryFields;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a consumer may do with an entry only while it owns it: each checks the owner and
 * acts in one step. Each is sent on the link at once and answers with a future.
 */
public final class GroupScripts {

	private static final RedisScript CLAIM = RedisScript.load("claim");

	private static final RedisScript RENEW = RedisScript.load("renew");

	private static final RedisScript BACK_OFF = RedisScript.load("backoff");

	private static final RedisScript RELEASE = RedisScript.load("release");

	private static final RedisScript TAKE = RedisScript.load("take");

	private static final RedisScript DEAD = RedisScript.load("dead");

	private static final RedisScript REAP = RedisScript.load("reap");

	private final RedisLink link;

	private final StreamGroup group;

	private final byte[] consumer;

	public GroupScripts(RedisLink link, StreamGroup group, String consumer) {
		this.link = link;
		this.group = group;
		this.consumer = StreamCommands.bytes(consumer);
	}

	/**
	 * Take over entries that nobody renewed for long enough. Each counts as delivered
	 * once more; how often it was, Redis alone knows, as others may have had it since it
	 * was listed.
	 * @param minIdle shortest idle time
	 * @param ids ids of the entries
	 * @return one result per id, in the same order
	 */
	public CompletableFuture<List<Delivery>> claim(Duration minIdle, List<EntryId> ids) {
		List<byte[]> arguments = arguments();
		arguments.add(number(minIdle.toMillis()));
		ids.forEach((id) -> arguments.add(id.toBytes()));
		return run(CLAIM, arguments, (reply) -> Delivery.listOf(reply, ids));
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
	 * @return what became of it
	 */
	public CompletableFuture<Ownership> backOff(EntryId id, Duration idle) {
		List<byte[]> arguments = arguments();
		arguments.add(id.toBytes());
		arguments.add(number(idle.toMillis()));
		return run(BACK_OFF, arguments, Ownership::of);
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
	 * @return one result per id, in the same order
	 */
	public CompletableFuture<List<Delivery>> take(List<EntryId> ids) {
		return run(TAKE, arguments(ids), (reply) -> Delivery.listOf(reply, ids));
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
		fields.forEach((name, value) -> {
			arguments.add(name);
			arguments.add(value);
		});
		List<byte[]> keys = (place.stream() != null)
				? List.of(this.group.streamKey(), StreamCommands.bytes(place.stream()))
				: List.of(this.group.streamKey());
		return DEAD.run(this.link, keys, arguments, (reply) -> reply.number() == 1);
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

	private <T> CompletableFuture<T> run(RedisScript script, List<byte[]> arguments, Function<Reply, T> mapper) {
		return script.run(this.link, List.of(this.group.streamKey()), arguments, mapper);
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
	 * Whether an entry is still this consumer's.
	 */
	public enum Ownership {

		/**
		 * It is.
		 */
		OWNED,

		/**
		 * It was, but its payload is gone.
		 */
		PAYLOAD_GONE,

		/**
		 * It is acknowledged or another consumer's.
		 */
		LOST,

		/**
		 * It is nobody's: acknowledged, or its group was lost and is another one now.
		 * Only renewing tells this from {@link #LOST}.
		 */
		UNOWNED;

		static Ownership of(Reply reply) {
			long number = reply.number();
			if (number == -2) {
				return UNOWNED;
			}
			return (number > 0) ? OWNED : (number == 0) ? PAYLOAD_GONE : LOST;
		}

	}

	/**
	 * Where dead letters go.
	 *
	 * @param stream key of the dead-letter stream, in the slot of the stream, or
	 * {@code null} to acknowledge only
	 * @param maxLength greatest length of the dead-letter stream, about; 0 for no limit
	 * @param deletesOriginal whether the entry is deleted from its stream, as others are
	 * that are acknowledged
	 */
	public record DeadLetterPlace(@Nullable String stream, long maxLength, boolean deletesOriginal) {

		DeadLetterPlace withoutStream() {
			return new DeadLetterPlace(null, 0, this.deletesOriginal);
		}

	}

	/**
	 * Result of asking for one entry.
	 *
	 * @param ownership whether it is this consumer's now
	 * @param entry the entry, if so
	 * @param pending its owner and its idle time before, and its deliveries now, if so
	 */
	public record Delivery(Ownership ownership, @Nullable StreamEntry entry, @Nullable PendingEntry pending) {

		/**
		 * Read a reply, and make sure that it is the one to this question.
		 */
		static List<Delivery> listOf(Reply reply, List<EntryId> ids) {
			List<Reply> items = reply.list();
			Assert.state(items.size() == ids.size(), "Not as many replies as entries");
			List<Delivery> deliveries = new ArrayList<>(ids.size());
			for (int i = 0; i < ids.size(); i++) {
				deliveries.add(of(items.get(i), ids.get(i)));
			}
			return deliveries;
		}

		private static Delivery of(Reply reply, EntryId id) {
			Reply entry = reply.get(0);
			if (entry.isNull()) {
				return new Delivery(Ownership.of(reply), null, null);
			}
			Assert.state(entry.get(0).id().equals(id), "The reply is about another entry");
			byte[][] fields = entry.get(1).list().stream().map(Reply::bytes).toArray(byte[][]::new);
			return new Delivery(Ownership.OWNED, new StreamEntry(id, EntryFields.of(fields)), new PendingEntry(id,
					reply.get(1).text(), reply.get(2).number(), PendingEntry.deliveries(reply.get(3).number())));
		}

	}

}
