package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.Failures;

/**
 * Creates and seals the partitions of a stream. A sealed partition has the greatest id
 * that there is: Redis adds nothing to it, and all else goes on.
 */
public final class PartitionScripts {

	private static final RedisScript CREATE = RedisScript.load("partition_create");

	private static final RedisScript SEAL = RedisScript.load("partition_seal");

	private static final RedisScript DRAINED = RedisScript.load("partition_drained");

	/** The same on all servers, with an id of one's own or without. */
	private static final String SEALED = "has exhausted the last possible ID";

	private final RedisLink link;

	private final Deadline deadline;

	/**
	 * Create commands.
	 * @param link where to send
	 * @param deadline until when to try
	 */
	public PartitionScripts(RedisLink link, Deadline deadline) {
		this.link = link;
		this.deadline = deadline;
	}

	/**
	 * Return whether an entry was refused since its stream is sealed.
	 * @param failure what the reply failed with
	 * @return whether the server answered so
	 */
	public static boolean isSealed(Throwable failure) {
		String message = Failures.unwrap(failure).getMessage();
		return message != null && message.contains(SEALED);
	}

	/**
	 * Create a partition that is absent.
	 * @param partition its name
	 * @param groups groups that begin at its start, unless it has them
	 * @return completes when it is there
	 */
	public CompletableFuture<Void> create(String partition, List<String> groups) {
		List<byte[]> arguments = groups.stream().map(StreamCommands::bytes).toList();
		return CREATE
			.run(this.link.following(partition), this.deadline, List.of(StreamCommands.bytes(partition)), arguments,
					(reply) -> reply)
			.thenApply((reply) -> null);
	}

	/**
	 * Seal a partition, and create it before where it is absent.
	 * @param partition its name
	 * @return names of its groups
	 */
	public CompletableFuture<List<String>> seal(String partition) {
		return groups(partition, "1");
	}

	/**
	 * Return the groups of a partition.
	 * @param partition its name
	 * @return their names
	 */
	public CompletableFuture<List<String>> groups(String partition) {
		return groups(partition, "0");
	}

	/**
	 * Look whether a group has something left to handle in a sealed partition.
	 * @param partition its name
	 * @param group name of the group
	 * @return what there is
	 */
	public CompletableFuture<Look> look(String partition, String group) {
		return look(partition, group, "0");
	}

	/**
	 * Remove a sealed partition if no group has something left to handle.
	 * @param partition its name
	 * @return what there was
	 */
	public CompletableFuture<Look> remove(String partition) {
		return look(partition, "", "1");
	}

	private CompletableFuture<Look> look(String partition, String group, String remove) {
		return DRAINED.run(this.link.following(partition), this.deadline, List.of(StreamCommands.bytes(partition)),
				List.of(StreamCommands.bytes(group), StreamCommands.bytes(remove)), Look::of);
	}

	private CompletableFuture<List<String>> groups(String partition, String seal) {
		return SEAL.run(this.link.following(partition), this.deadline, List.of(StreamCommands.bytes(partition)),
				List.of(StreamCommands.bytes(seal)), (reply) -> reply.list().stream().map(Reply::text).toList());
	}

	/**
	 * What there is in a sealed partition.
	 */
	public enum Look {

		/**
		 * Nothing is left.
		 */
		DRAINED,

		/**
		 * Entries wait, or are pending.
		 */
		WAITS,

		/**
		 * It is not sealed, although it was.
		 */
		NOT_SEALED;

		private static Look of(Reply reply) {
			long number = reply.number();
			return (number > 0) ? DRAINED : (number == 0) ? WAITS : NOT_SEALED;
		}

	}

}
