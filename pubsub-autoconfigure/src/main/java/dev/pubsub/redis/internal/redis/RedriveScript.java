package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;

/**
 * Adds a dead letter to its stream again and deletes it. That is one step where a script
 * can carry its fields, and otherwise three, as it was when the letter was written: when
 * the last one fails, or another client redrives the same letter, the message is added
 * twice.
 */
final class RedriveScript {

	private static final RedisScript REDRIVE = RedisScript.load("redrive");

	private static final String TOO_MANY_FIELDS = "0";

	private static final Duration MEMORY = Duration.ofHours(1);

	private final RedisLink link;

	private final @Nullable Deadline deadline;

	private final String deadLetters;

	private final String stream;

	RedriveScript(RedisLink link, @Nullable Deadline deadline, String deadLetters, String stream) {
		this.link = link;
		this.deadline = deadline;
		this.deadLetters = deadLetters;
		this.stream = stream;
	}

	/**
	 * Redrive a letter to its stream.
	 * @param mayBePartition whether the stream must not be created
	 * @return {@link KeyCommands#MOVED} where it takes none
	 */
	CompletableFuture<Reply> redrive(String id, boolean mayBePartition) {
		List<byte[]> keys = List.of(StreamCommands.bytes(this.deadLetters), StreamCommands.bytes(this.stream));
		List<byte[]> arguments = List.of(StreamCommands.bytes(id),
				StreamCommands.bytes(Integer.toString(RedisScript.MOST_FIELDS)),
				StreamCommands.bytes(mayBePartition ? "1" : "0"));
		return REDRIVE.run(this.link, this.deadline, keys, arguments, (reply) -> reply)
			.thenCompose((reply) -> TOO_MANY_FIELDS.equals(reply.text())
					? redriveInSteps(id, (fields) -> add(message(fields), mayBePartition))
					: CompletableFuture.completedFuture(reply));
	}

	/**
	 * Redrive a letter to another stream, in another slot. When it breaks off in between,
	 * the next time adds it no second time within an hour.
	 */
	CompletableFuture<Reply> redrive(String id, Function<EntryFields, String> target) {
		return redriveInSteps(id, (letter) -> {
			String message = "redrive:" + this.deadLetters + ":" + id;
			return this.link
				.send(AddScript.once(target.apply(letter), message, MEMORY, message(letter), AddOptions.DEFAULTS),
						this.deadline)
				.thenApply((added) -> new Reply(Objects.requireNonNull(added).toBytes()));
		});
	}

	private CompletableFuture<Reply> redriveInSteps(String id, Function<EntryFields, CompletableFuture<Reply>> add) {
		return new StreamCommands(this.link).range(this.deadLetters, id, id, 1).thenCompose((letters) -> {
			EntryFields fields = letters.isEmpty() ? null : letters.get(0).fields();
			if (fields == null) {
				return CompletableFuture.completedFuture(new Reply(null));
			}
			return add.apply(fields)
				.thenCompose((added) -> KeyCommands.MOVED.equals(added.text())
						? CompletableFuture.completedFuture(added)
						: new KeyCommands(this.link).send("XDEL", this.deadLetters, id).thenApply((deleted) -> added));
		});
	}

	private CompletableFuture<Reply> add(EntryFields fields, boolean mayBePartition) {
		AddOptions options = new AddOptions(null, null, null, true, false, !mayBePartition, null);
		Reply moved = new Reply(StreamCommands.bytes(KeyCommands.MOVED));
		return new StreamCommands(this.link).add(this.stream, fields, options)
			.thenApply((added) -> (added != null) ? new Reply(added.toBytes()) : moved)
			.exceptionallyCompose((failure) -> PartitionScripts.isSealed(failure)
					? CompletableFuture.completedFuture(moved) : CompletableFuture.failedFuture(failure));
	}

	private static EntryFields message(EntryFields letter) {
		EntryFields.Builder message = EntryFields.builder();
		letter.forEach((name, value) -> {
			if (!new String(name, StandardCharsets.UTF_8).startsWith(EntryFormat.DEAD_LETTER_PREFIX)) {
				message.add(name, value);
			}
		});
		return message.build();
	}

}
