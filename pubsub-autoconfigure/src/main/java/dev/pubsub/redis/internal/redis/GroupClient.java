package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.GroupCommands.ConsumerState;
import dev.pubsub.redis.internal.redis.GroupScripts.Copy;
import org.jspecify.annotations.Nullable;

/**
 * All that a consumer asks of its group. Each command is sent at once, and answers with a
 * future; a failed one tells by {@link RedisFault} what became of it. Thread-safe.
 */
public interface GroupClient {

	/**
	 * Return the commands on a group of a Redis server.
	 * @param link connection to send them on
	 * @param group the group
	 * @param consumer name of the consumer that sends them
	 * @return the commands
	 */
	static GroupClient over(RedisLink link, StreamGroup group, String consumer) {
		return new RedisGroup(link, group, consumer);
	}

	/**
	 * Return the commands of the owner of a stream. The fence stands before its reads,
	 * and before all that acts on entries of other consumers.
	 * @param fence the check of the ownership
	 * @return the commands
	 */
	static GroupClient over(RedisLink link, StreamGroup group, String consumer, Fence fence) {
		return new RedisGroup(link, group, consumer, fence);
	}

	/**
	 * Return the group.
	 * @return stream and group
	 */
	StreamGroup group();

	/**
	 * Return the name of the consumer.
	 * @return the name
	 */
	String consumer();

	/**
	 * Create the group, and the stream where it is absent.
	 * @param startId entries after this id will be delivered; {@code $} for new ones only
	 * @return completes when done; fails with {@link RedisFault#GROUP_EXISTS}
	 */
	CompletableFuture<Boolean> create(String startId);

	/**
	 * Create the group unless it exists, and the stream where it is absent.
	 * @param start entries after this id will be delivered
	 * @return where the group is now, and whether this created it
	 */
	CompletableFuture<GroupPosition> begin(EntryId start);

	/**
	 * Read entries that no consumer of the group has had.
	 * @param count most entries
	 * @param block longest wait for the first
	 * @param acknowledged whether they count as acknowledged at once; they are all kept
	 * then
	 * @param mostBytes how much memory they may take; of further ones only the ids are
	 * kept
	 * @return the entries, none when the wait ended
	 */
	CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes);

	/**
	 * Acknowledge entries, whoever owns them.
	 * @param ids ids of the entries
	 * @return how many of them were pending
	 */
	CompletableFuture<Long> acknowledge(List<EntryId> ids);

	/**
	 * Acknowledge entries and delete those that no other group still needs (Redis 8.2).
	 * @param ids ids of the entries
	 * @return how many of them existed
	 */
	CompletableFuture<Long> acknowledgeAndDelete(List<EntryId> ids);

	/**
	 * Begin a group again that was lost, or move it back: consumers that lose a group
	 * agree on the lowest id of all.
	 * @param known what this consumer knows of it
	 * @return where the group is now, and whether this changed it
	 */
	CompletableFuture<GroupPosition> beginAgain(KnownProgress known);

	/**
	 * Delete entries, pending or not.
	 * @param ids ids of the entries
	 * @return how many were deleted
	 */
	CompletableFuture<Long> delete(List<EntryId> ids);

	/**
	 * List pending entries of all consumers that have been idle for a while.
	 * @param minIdle shortest idle time
	 * @param after entries after this id, or {@code null} for all
	 * @param count most entries
	 * @return the entries, in order of their ids
	 */
	CompletableFuture<List<PendingEntry>> pending(Duration minIdle, @Nullable EntryId after, int count);

	/**
	 * List pending entries of this consumer.
	 * @param after entries after this id, or {@code null} for all
	 * @param count most entries
	 * @return the entries, in order of their ids
	 */
	CompletableFuture<List<PendingEntry>> ownPending(@Nullable EntryId after, int count);

	/**
	 * Look at a consumer of the group.
	 * @param name name of the consumer
	 * @return what Redis knows of it, nothing when there is no such consumer
	 */
	CompletableFuture<Optional<ConsumerState>> consumer(String name);

	/**
	 * Take over entries that nobody renewed for long enough. Each counts as delivered
	 * once more; how often it was, Redis alone knows, as others may have had it since it
	 * was listed.
	 * @param minIdle shortest idle time
	 * @param ids ids of the entries
	 * @param limit how much to bring at once
	 * @return one result per id, in the same order
	 */
	CompletableFuture<List<TakenEntry>> claim(Duration minIdle, List<EntryId> ids, ReplyLimit limit);

	/**
	 * Renew leases.
	 * @param ids ids of the entries
	 * @return what became of each, in the same order
	 */
	CompletableFuture<List<Ownership>> renew(List<EntryId> ids);

	/**
	 * Make an entry claimable by anybody after a delay.
	 * @param id id of the entry
	 * @param idle for how long it shall count as idle: the lease less the delay
	 * @return what became of it
	 */
	default CompletableFuture<Ownership> backoff(EntryId id, Duration idle) {
		return backoff(id, idle, Duration.ZERO);
	}

	/**
	 * Make an entry claimable by anybody after a delay that may be longer than the lease:
	 * who claims it before does not get it, and pays no attempt.
	 * @param id id of the entry
	 * @param idle for how long it shall count as idle
	 * @param wait the delay, where it is longer than the lease, else zero
	 * @return what became of it
	 */
	CompletableFuture<Ownership> backoff(EntryId id, Duration idle, Duration wait);

	/**
	 * Hand back entries that were never started, without costing them an attempt. May be
	 * repeated when its reply is lost: each attempt is given back once.
	 * @param ids ids of the entries
	 * @return how many were handed back, now or before
	 */
	CompletableFuture<Long> release(List<EntryId> ids);

	/**
	 * Deliver entries to this consumer again, where it owns them. It does not count as a
	 * delivery.
	 * @param ids ids of the entries
	 * @param limit how much to bring at once
	 * @return one result per id, in the same order
	 */
	CompletableFuture<List<TakenEntry>> take(List<EntryId> ids, ReplyLimit limit);

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
	CompletableFuture<GivenUp> giveUp(EntryId id, Duration minIdle, int minDeliveries, DeadLetterPlace place,
			EntryFields letter, Copy copy);

	/**
	 * Copy an entry to a dead-letter stream and acknowledge it.
	 * @param id id of the entry
	 * @param place where dead letters go
	 * @param fields fields of the dead letter
	 * @param deleted whether the entry was found deleted while it was owned
	 * @return whether it was done; not when the entry is not owned any more
	 */
	CompletableFuture<Boolean> deadLetter(EntryId id, DeadLetterPlace place, EntryFields fields, boolean deleted);

	/**
	 * Ask how far the stream and the group have come.
	 * @return the answer, {@code null} when one of them is absent
	 */
	CompletableFuture<@Nullable StreamProgress> progress();

	/**
	 * Delete other consumers that own nothing and have been idle for longer than a limit.
	 * @param limit longest idle time
	 * @return how many were deleted
	 */
	CompletableFuture<Long> reapOthers(Duration limit);

	/**
	 * Delete this consumer if it owns nothing.
	 * @return 1 if it was deleted
	 */
	CompletableFuture<Long> reapSelf();

	/**
	 * Return the id of the last entry of the stream.
	 * @return the id, {@code null} when the stream is empty or absent
	 */
	CompletableFuture<@Nullable EntryId> lastId();

	/**
	 * Return how many entries a stream has: its own, or that of the dead letters.
	 * @param stream key of the stream
	 * @return the number, 0 when it is absent
	 */
	CompletableFuture<Long> length(String stream);

}
