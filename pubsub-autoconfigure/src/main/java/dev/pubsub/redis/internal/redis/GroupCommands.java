package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import org.jspecify.annotations.Nullable;

/**
 * Commands on one consumer group of a stream, in the name of one consumer. Each is sent
 * on the link at once and answers with a future.
 */
public final class GroupCommands {

	private static final ProtocolKeyword XACKDEL = new Keyword("XACKDEL");

	private final RedisLink link;

	private final StreamGroup group;

	private final byte[] consumer;

	public GroupCommands(RedisLink link, StreamGroup group, String consumer) {
		this.link = link;
		this.group = group;
		this.consumer = StreamCommands.bytes(consumer);
	}

	/**
	 * Create the group, and the stream where it is absent.
	 * @param startId entries after this id will be delivered; {@code $} for new ones only
	 * @return completes when done; fails with {@link RedisFault#GROUP_EXISTS}
	 */
	public CompletableFuture<Boolean> create(String startId) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.add("CREATE")
			.addKey(this.group.streamKey())
			.add(this.group.groupName())
			.add(startId)
			.add("MKSTREAM");
		return this.link.send(Requests.of(CommandType.XGROUP, arguments, (reply) -> true));
	}

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
	public CompletableFuture<List<StreamEntry>> read(int count, Duration block, boolean acknowledged, long mostBytes) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.add("GROUP")
			.add(this.group.groupName())
			.add(this.consumer)
			.add("COUNT")
			.add(count)
			.add("BLOCK")
			.add(block.toMillis());
		if (acknowledged) {
			arguments.add("NOACK");
		}
		arguments.add("STREAMS").addKey(this.group.streamKey()).add(">");
		long kept = acknowledged ? Long.MAX_VALUE : mostBytes;
		return this.link
			.send(new RedisRequest<>(CommandType.XREADGROUP, EntryListOutput.namedEntries(kept), arguments));
	}

	/**
	 * Acknowledge entries, whoever owns them.
	 * @param ids ids of the entries
	 * @return how many of them were pending
	 */
	public CompletableFuture<Long> acknowledge(List<EntryId> ids) {
		CommandArgs<byte[], byte[]> arguments = keyAndGroup();
		ids.forEach((id) -> arguments.add(id.toBytes()));
		return this.link.send(Requests.of(CommandType.XACK, arguments, Reply::number));
	}

	/**
	 * Acknowledge entries and delete those that no other group still needs (Redis 8.2).
	 * @param ids ids of the entries
	 * @return how many of them existed
	 */
	public CompletableFuture<Long> acknowledgeAndDelete(List<EntryId> ids) {
		CommandArgs<byte[], byte[]> arguments = keyAndGroup().add("ACKED").add("IDS").add(ids.size());
		ids.forEach((id) -> arguments.add(id.toBytes()));
		return this.link.send(Requests.of(XACKDEL, arguments,
				(reply) -> reply.list().stream().filter((result) -> result.number() > 0).count()));
	}

	/**
	 * Delete entries, pending or not.
	 * @param ids ids of the entries
	 * @return how many were deleted
	 */
	public CompletableFuture<Long> delete(List<EntryId> ids) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments().addKey(this.group.streamKey());
		ids.forEach((id) -> arguments.add(id.toBytes()));
		return this.link.send(Requests.of(CommandType.XDEL, arguments, Reply::number));
	}

	/**
	 * List pending entries of all consumers that have been idle for a while.
	 * @param minIdle shortest idle time
	 * @param after entries after this id, or {@code null} for all
	 * @param count most entries
	 * @return the entries, in order of their ids
	 */
	public CompletableFuture<List<PendingEntry>> pending(Duration minIdle, @Nullable EntryId after, int count) {
		CommandArgs<byte[], byte[]> arguments = keyAndGroup().add("IDLE").add(minIdle.toMillis());
		arguments.add(after(after)).add("+").add(count);
		return pending(arguments);
	}

	/**
	 * List pending entries of this consumer.
	 * @param after entries after this id, or {@code null} for all
	 * @param count most entries
	 * @return the entries, in order of their ids
	 */
	public CompletableFuture<List<PendingEntry>> ownPending(@Nullable EntryId after, int count) {
		return pending(keyAndGroup().add(after(after)).add("+").add(count).add(this.consumer));
	}

	/**
	 * Look at a consumer of the group.
	 * @param name name of the consumer
	 * @return what Redis knows of it, nothing when there is no such consumer
	 */
	public CompletableFuture<Optional<ConsumerState>> consumer(String name) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.add("CONSUMERS")
			.addKey(this.group.streamKey())
			.add(this.group.groupName());
		return this.link.send(Requests.of(CommandType.XINFO, arguments,
				(reply) -> reply.list()
					.stream()
					.filter((item) -> item.get("name").text().equals(name))
					.findFirst()
					.map((item) -> new ConsumerState(Duration.ofMillis(item.get("idle").number()),
							item.get("pending").number()))));
	}

	private CompletableFuture<List<PendingEntry>> pending(CommandArgs<byte[], byte[]> arguments) {
		return this.link.send(new RedisRequest<>(CommandType.XPENDING, new PendingOutput(), arguments));
	}

	private static String after(@Nullable EntryId id) {
		return (id != null) ? "(" + id : "-";
	}

	private CommandArgs<byte[], byte[]> keyAndGroup() {
		return Requests.arguments().addKey(this.group.streamKey()).add(this.group.groupName());
	}

	/**
	 * A consumer as Redis knows it.
	 *
	 * @param idle time since its last command
	 * @param pending how many messages it has
	 */
	public record ConsumerState(Duration idle, long pending) {

	}

	/**
	 * A command that Lettuce has no name for in every version.
	 */
	private record Keyword(String text) implements ProtocolKeyword {

		@Override
		public byte[] getBytes() {
			return StreamCommands.bytes(this.text);
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
