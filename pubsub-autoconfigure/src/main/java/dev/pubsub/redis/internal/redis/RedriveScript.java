package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

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

	CompletableFuture<Reply> redrive(String id) {
		List<byte[]> keys = List.of(StreamCommands.bytes(this.deadLetters), StreamCommands.bytes(this.stream));
		List<byte[]> arguments = List.of(StreamCommands.bytes(id),
				StreamCommands.bytes(Integer.toString(RedisScript.MOST_FIELDS)));
		return REDRIVE.run(this.link, this.deadline, keys, arguments, (reply) -> reply)
			.thenCompose((reply) -> TOO_MANY_FIELDS.equals(reply.text()) ? redriveInSteps(id)
					: CompletableFuture.completedFuture(reply));
	}

	private CompletableFuture<Reply> redriveInSteps(String id) {
		StreamCommands streams = new StreamCommands(this.link);
		return streams.range(this.deadLetters, id, id, 1).thenCompose((letters) -> {
			EntryFields fields = letters.isEmpty() ? null : letters.get(0).fields();
			if (fields == null) {
				return CompletableFuture.completedFuture(new Reply(null));
			}
			return streams.add(this.stream, message(fields), AddOptions.DEFAULTS)
				.thenCompose((added) -> new KeyCommands(this.link).send("XDEL", this.deadLetters, id)
					.thenApply((deleted) -> new Reply(Objects.requireNonNull(added).toBytes())));
		});
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
