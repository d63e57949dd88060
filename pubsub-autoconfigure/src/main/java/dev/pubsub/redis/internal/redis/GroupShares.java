package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Who of a group is there, and who owns which partition of a stream, kept beside the
 * stream. All of it is what instances say of themselves: it helps them to share
 * partitions evenly, while only the {@linkplain OwnerLease lease} of a partition decides
 * who owns it. Each command is sent at once. Thread-safe.
 */
public final class GroupShares {

	private static final RedisScript SHARE = RedisScript.load("share");

	private static final RedisScript LEAVE = RedisScript.load("share_leave");

	private final RedisLink link;

	private final List<byte[]> keys;

	private final Duration presence;

	/**
	 * Create an instance.
	 * @param link connection to send commands on
	 * @param group the partitioned stream and the group
	 * @param presence for how long an instance counts that is silent
	 */
	public GroupShares(RedisLink link, StreamGroup group, Duration presence) {
		this.link = link;
		this.keys = List.of(group.keyBeside(":members"), group.keyBeside(":shares"));
		this.presence = presence;
	}

	/**
	 * Say that an instance is there.
	 * @param instance name of the instance, without spaces
	 * @param owned what it owns, by the names of partitions
	 * @return who is there now
	 */
	public CompletableFuture<Shares> share(String instance, Map<String, Owned> owned) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(StreamCommands.bytes(instance));
		arguments.add(StreamCommands.bytes(Long.toString(this.presence.toMillis())));
		owned.forEach((partition, owner) -> {
			arguments.add(StreamCommands.bytes(partition));
			arguments.add(StreamCommands.bytes(owner.name() + " " + owner.token()));
		});
		return SHARE.run(this.link, this.keys, arguments, Shares::of);
	}

	/**
	 * Say that an instance leaves.
	 * @param instance name of the instance
	 * @return whether it was there
	 */
	public CompletableFuture<Boolean> leave(String instance) {
		return LEAVE.run(this.link, this.keys, List.of(StreamCommands.bytes(instance)), (reply) -> reply.number() == 1);
	}

	/**
	 * The owner of a partition.
	 *
	 * @param name name of the consumer
	 * @param token its token
	 */
	public record Owned(String name, long token) {

	}

}
