package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Takes over on a Redis server, behind a fence.
 */
final class RedisOwnerTakeover implements OwnerTakeover {

	private static final RedisScript TAKE_OVER = RedisScript.load("owner_take_over");

	private final RedisLink link;

	private final StreamGroup group;

	private final String owner;

	private final Fence fence;

	RedisOwnerTakeover(RedisLink link, StreamGroup group, String owner, Fence fence) {
		this.link = link;
		this.group = group;
		this.owner = owner;
		this.fence = fence;
	}

	@Override
	public CompletableFuture<List<KeyedEntry>> take(@Nullable EntryId after, int count, String keyField) {
		List<byte[]> arguments = List.of(this.group.groupName(), StreamCommands.bytes(this.owner),
				StreamCommands.bytes((after != null) ? "(" + after : "-"),
				StreamCommands.bytes(Integer.toString(count)), StreamCommands.bytes(keyField));
		return this.fence.run(TAKE_OVER, this.link,
				() -> new TreeOutput<>((reply) -> reply.list().stream().map(KeyedEntry::of).toList()),
				List.of(this.group.streamKey()), arguments);
	}

}
