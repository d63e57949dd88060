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

	private static final RedisScript READ = RedisScript.load("owner_read");

	@Override
	public CompletableFuture<List<StreamEntry>> deliver(int count, long mostBytes, String number) {
		List<byte[]> arguments = List.of(this.group.groupName(), StreamCommands.bytes(this.consumer),
				StreamCommands.bytes(Integer.toString(count)), StreamCommands.bytes(number));
		return this.fence.run(READ, this.link, () -> EntryListOutput.namedEntries(mostBytes),
				List.of(this.group.streamKey(), this.fence.key()), arguments);
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
