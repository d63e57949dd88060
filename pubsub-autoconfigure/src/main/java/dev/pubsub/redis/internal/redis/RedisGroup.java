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
 * The commands on a group of a Redis server, sent on one link.
 */
final class RedisGroup implements GroupClient {

	private final StreamGroup group;

	private final String consumer;

	private final GroupCommands commands;

	private final GroupScripts scripts;

	private final StreamCommands streams;

	private final Reads reads;

	RedisGroup(RedisLink link, StreamGroup group, String consumer) {
		this(link, group, consumer, null);
	}

	RedisGroup(RedisLink link, StreamGroup group, String consumer, @Nullable Fence fence) {
		this.group = group;
		this.consumer = consumer;
		this.commands = new GroupCommands(link, group, consumer);
		this.scripts = new GroupScripts(link, group, consumer, fence);
		this.streams = new StreamCommands(link);
		this.reads = (fence != null)
				? new OwnerReads(new RedisOwnerReads(link, group, consumer, fence), this.scripts::progress)::read
				: this.commands::read;
	}

	@Override
	public StreamGroup group() {
		return this.group;
	}

	@Override
	public String consumer() {
		return this.consumer;
	}

	@Override
	public CompletableFuture<Boolean> create(String startId) {
		return this.commands.create(startId);
	}

	@Override
	public CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes) {
		return this.reads.read(count, block, acknowledged, mostBytes);
	}

	@Override
	public CompletableFuture<Long> acknowledge(List<EntryId> ids) {
		return this.commands.acknowledge(ids);
	}

	@Override
	public CompletableFuture<Long> acknowledgeAndDelete(List<EntryId> ids) {
		return this.commands.acknowledgeAndDelete(ids);
	}

	@Override
	public CompletableFuture<GroupPosition> begin(EntryId start) {
		return this.scripts.begin(start);
	}

	@Override
	public CompletableFuture<GroupPosition> beginAgain(KnownProgress known) {
		return this.scripts.beginAgain(known);
	}

	@Override
	public CompletableFuture<Long> delete(List<EntryId> ids) {
		return this.commands.delete(ids);
	}

	@Override
	public CompletableFuture<List<PendingEntry>> pending(Duration minIdle, @Nullable EntryId after, int count) {
		return this.commands.pending(minIdle, after, count);
	}

	@Override
	public CompletableFuture<List<PendingEntry>> ownPending(@Nullable EntryId after, int count) {
		return this.commands.ownPending(after, count);
	}

	@Override
	public CompletableFuture<Optional<ConsumerState>> consumer(String name) {
		return this.commands.consumer(name);
	}

	@Override
	public CompletableFuture<List<TakenEntry>> claim(Duration minIdle, List<EntryId> ids, ReplyLimit limit) {
		return this.scripts.claim(minIdle, ids, limit);
	}

	@Override
	public CompletableFuture<List<Ownership>> renew(List<EntryId> ids) {
		return this.scripts.renew(ids);
	}

	@Override
	public CompletableFuture<Ownership> backoff(EntryId id, Duration idle, Duration wait) {
		return this.scripts.backoff(id, idle, wait);
	}

	@Override
	public CompletableFuture<Long> release(List<EntryId> ids) {
		return this.scripts.release(ids);
	}

	@Override
	public CompletableFuture<List<TakenEntry>> take(List<EntryId> ids, ReplyLimit limit) {
		return this.scripts.take(ids, limit);
	}

	@Override
	public CompletableFuture<GivenUp> giveUp(EntryId id, Duration minIdle, int minDeliveries, DeadLetterPlace place,
			EntryFields letter, Copy copy) {
		return this.scripts.giveUp(id, minIdle, minDeliveries, place, letter, copy);
	}

	@Override
	public CompletableFuture<Boolean> deadLetter(EntryId id, DeadLetterPlace place, EntryFields fields,
			boolean deleted) {
		return this.scripts.deadLetter(id, place, fields, deleted);
	}

	@Override
	public CompletableFuture<@Nullable StreamProgress> progress() {
		return this.scripts.progress();
	}

	@Override
	public CompletableFuture<Long> reapOthers(Duration limit) {
		return this.scripts.reapOthers(limit);
	}

	@Override
	public CompletableFuture<Long> reapSelf() {
		return this.scripts.reapSelf();
	}

	@Override
	public CompletableFuture<@Nullable EntryId> lastId() {
		return this.streams.lastId(this.group.stream());
	}

	@Override
	public CompletableFuture<Long> length(String stream) {
		return this.streams.length(stream);
	}

	/**
	 * Reads entries that no consumer of the group has had.
	 */
	private interface Reads {

		CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes);

	}

}
