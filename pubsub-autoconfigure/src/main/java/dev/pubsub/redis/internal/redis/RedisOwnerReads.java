package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

/**
 * The reads of an owner on a Redis server, sent on one link.
 *
 * @param link connection to send commands on
 * @param group stream and group
 * @param consumer name of the owner
 * @param fence the check of the ownership
 */
record RedisOwnerReads(RedisLink link, StreamGroup group, String consumer, Fence fence) implements OwnerReads.Commands {

	private static final RedisScript GATE = RedisScript.load("owner_gate");

	/**
	 * How long a gate stays open that nobody renews or closes.
	 */
	private static final Duration OPEN = Duration.ofHours(1);

	@Override
	public CompletableFuture<Boolean> open(String gate) {
		return this.fence.run(GATE, this.link, () -> new TreeOutput<>((reply) -> reply.number() == 1),
				List.of(key(gate), this.fence.key()),
				List.of(this.group.groupName(), StreamCommands.bytes(Long.toString(OPEN.toMillis()))));
	}

	@Override
	public CompletableFuture<List<StreamEntry>> deliver(int count, long mostBytes, String gate) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.add("GROUP")
			.add(this.group.groupName())
			.add(StreamCommands.bytes(this.consumer))
			.add("COUNT")
			.add(count)
			.add("STREAMS")
			.addKey(this.group.streamKey())
			.addKey(key(gate))
			.add(">")
			.add(">");
		return this.link
			.send(new RedisRequest<>(CommandType.XREADGROUP, EntryListOutput.namedEntries(mostBytes), arguments));
	}

	private byte[] key(String gate) {
		return this.group.keyBeside(":gate:" + gate);
	}

	@Override
	public CompletableFuture<Boolean> await(EntryId after, Duration block) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.add("COUNT")
			.add(1)
			.add("BLOCK")
			.add(block.toMillis())
			.add("STREAMS")
			.addKey(this.group.streamKey())
			.add(after.toBytes());
		return this.link.send(new RedisRequest<>(CommandType.XREAD, EntryListOutput.namedEntries(0), arguments))
			.thenApply((entries) -> !entries.isEmpty());
	}

}
