package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.pubsub.redis.EntryFields;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * Commands on one key whose reply the caller reads itself. Each is sent on the link at
 * once and answers with a future. Not for the hot path.
 */
public final class KeyCommands {

	/**
	 * Tells that a stream takes no entries.
	 */
	public static final String MOVED = "-1";

	private static final RedisScript REAP = RedisScript.load("reap");

	private final RedisLink link;

	private final @Nullable Deadline deadline;

	/**
	 * Create commands that fail where there is no connection now.
	 * @param link where to send
	 */
	public KeyCommands(RedisLink link) {
		this(link, null);
	}

	/**
	 * Create commands that wait for a connection, and for a server that cannot execute
	 * them now.
	 * @param link where to send
	 * @param deadline until when; {@code null} if they do not wait
	 */
	public KeyCommands(RedisLink link, @Nullable Deadline deadline) {
		this.link = link;
		this.deadline = deadline;
	}

	/**
	 * Send a command whose first argument is the key.
	 * @param command name of the command
	 * @param key the key
	 * @param arguments what follows the key, each as text
	 * @return the reply
	 */
	public CompletableFuture<Reply> send(String command, String key, Object... arguments) {
		CommandArgs<byte[], byte[]> all = Requests.arguments().addKey(StreamCommands.bytes(key));
		return send(command, all, arguments);
	}

	/**
	 * Send a command that has a subcommand before the key.
	 * @param command name of the command
	 * @param subcommand name of the subcommand
	 * @param key the key
	 * @param arguments what follows the key, each as text
	 * @return the reply
	 */
	public CompletableFuture<Reply> sendSub(String command, String subcommand, String key, Object... arguments) {
		CommandArgs<byte[], byte[]> all = Requests.arguments().add(subcommand).addKey(StreamCommands.bytes(key));
		return send(command, all, arguments);
	}

	/**
	 * Send a command whose reply is a list of entries.
	 * @param command name of the command
	 * @param key the key
	 * @param mostBytes how much memory the entries may take; the first is kept whatever
	 * its size, of others that are too large only the ids are
	 * @param arguments what follows the key, each as text
	 * @return the entries
	 */
	public CompletableFuture<List<StreamEntry>> sendForEntries(String command, String key, long mostBytes,
			Object... arguments) {
		CommandArgs<byte[], byte[]> all = Requests.arguments().addKey(StreamCommands.bytes(key));
		for (Object argument : arguments) {
			all.add(StreamCommands.bytes(argument.toString()));
		}
		return this.link.send(new RedisRequest<>(CommandType.valueOf(command), EntryListOutput.entries(mostBytes), all),
				this.deadline);
	}

	/**
	 * Read entries without a group.
	 * @param key key of the stream
	 * @param after entries after this id, {@code $} for those added from now on
	 * @param count most entries
	 * @param block longest wait for the first, zero to wait for none
	 * @param mostBytes how much memory they may take; the first is kept whatever its
	 * size, of others that are too large only the ids are
	 * @return the entries
	 */
	public CompletableFuture<List<StreamEntry>> read(String key, String after, int count, Duration block,
			long mostBytes) {
		CommandArgs<byte[], byte[]> all = Requests.arguments().add("COUNT").add(count);
		if (!block.isZero()) {
			all.add("BLOCK").add(block.toMillis());
		}
		all.add("STREAMS").addKey(StreamCommands.bytes(key)).add(after);
		return this.link.send(new RedisRequest<>(CommandType.XREAD, EntryListOutput.namedEntries(mostBytes), all),
				this.deadline);
	}

	/**
	 * Add a dead letter to its stream again and delete it, in one step where a script can
	 * carry its fields.
	 * @param deadLetters key of the dead-letter stream
	 * @param stream key of the stream, in the same slot
	 * @param id id of the dead letter
	 * @param mayBePartition whether the stream must not be created
	 * @return id of the new entry, nothing when there is no such dead letter,
	 * {@value #MOVED} when the stream takes none, or is absent and must not be created
	 */
	public CompletableFuture<Reply> redrive(String deadLetters, String stream, String id, boolean mayBePartition) {
		return new RedriveScript(this.link, this.deadline, deadLetters, stream).redrive(id, mayBePartition);
	}

	/**
	 * Add a dead letter to another stream and delete it, in steps.
	 * @param deadLetters key of the dead-letter stream
	 * @param target finds the key of the stream by the fields of the letter
	 * @param id id of the dead letter
	 * @return id of the new entry, nothing when there is no such dead letter
	 */
	public CompletableFuture<Reply> redrive(String deadLetters, Function<EntryFields, String> target, String id) {
		return new RedriveScript(this.link, this.deadline, deadLetters, deadLetters).redrive(id, target);
	}

	/**
	 * Delete a consumer, unless something is pending for it.
	 * @param stream key of the stream
	 * @param group name of the group
	 * @param consumer name of the consumer
	 * @return 1 if it was deleted
	 */
	public CompletableFuture<Reply> deleteIdleConsumer(String stream, String group, String consumer) {
		return REAP.run(this.link, this.deadline, List.of(StreamCommands.bytes(stream)),
				List.of(StreamCommands.bytes(group), StreamCommands.bytes(consumer), StreamCommands.bytes("-1")),
				(reply) -> reply);
	}

	/**
	 * Ask which consumer owns a stream.
	 * @param stream key of the stream
	 * @param group name of the group
	 * @return the answer
	 */
	public CompletableFuture<OwnerGrant> owner(String stream, String group) {
		return RedisOwnerLease.show(this.link, this.deadline, new StreamGroup(stream, group));
	}

	private CompletableFuture<Reply> send(String command, CommandArgs<byte[], byte[]> all, Object... arguments) {
		for (Object argument : arguments) {
			all.add(StreamCommands.bytes(argument.toString()));
		}
		return this.link.send(Requests.of(CommandType.valueOf(command), all, (reply) -> reply), this.deadline);
	}

}
