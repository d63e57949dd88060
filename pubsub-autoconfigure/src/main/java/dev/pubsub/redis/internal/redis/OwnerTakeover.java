package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Makes what is pending the messages of the owner of a stream, without delivering them.
 */
public final class OwnerTakeover {

	private static final RedisScript TAKE_OVER = RedisScript.load("owner_take_over");

	private final RedisLink link;

	private final StreamGroup group;

	private final String owner;

	private final Fence fence;

	public OwnerTakeover(RedisLink link, StreamGroup group, String owner, Fence fence) {
		this.link = link;
		this.group = group;
		this.owner = owner;
		this.fence = fence;
	}

	/**
	 * Take entries, in order of their ids. They keep their idle times and deliveries.
	 * @param after entries after this id, or {@code null} for all
	 * @param count most entries
	 * @param keyField name of the field that has the key
	 * @return the entries
	 */
	public CompletableFuture<List<KeyedEntry>> take(@Nullable EntryId after, int count, String keyField) {
		List<byte[]> arguments = List.of(this.group.groupName(), StreamCommands.bytes(this.owner),
				StreamCommands.bytes((after != null) ? "(" + after : "-"),
				StreamCommands.bytes(Integer.toString(count)), StreamCommands.bytes(keyField));
		return this.fence.run(TAKE_OVER, this.link,
				() -> new TreeOutput<>((reply) -> reply.list().stream().map(KeyedEntry::of).toList()),
				List.of(this.group.streamKey()), arguments);
	}

}
