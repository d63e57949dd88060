package dev.pubsub.redis.internal.partition;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.internal.redis.KeyCommands;
import dev.pubsub.redis.internal.redis.LayoutScript;
import dev.pubsub.redis.internal.redis.Reply;

/**
 * Brings dead letters back: to their stream, or, where that is a partition that takes no
 * messages any more, to the partition that has their keys now.
 */
public final class PartitionRedrive {

	private PartitionRedrive() {
	}

	/**
	 * Redrive a dead letter.
	 * @param commands where to send
	 * @param deadLetters key of the dead-letter stream
	 * @param stream key of the stream or partition
	 * @param id id of the dead letter
	 * @return id of the new entry, nothing when there is no such dead letter
	 */
	public static CompletableFuture<Reply> redrive(KeyCommands commands, String deadLetters, String stream, String id) {
		String whole = PartitionLayout.streamOf(stream);
		boolean mayBePartition = !whole.equals(stream);
		return commands.redrive(deadLetters, stream, id, mayBePartition)
			.thenCompose((reply) -> KeyCommands.MOVED.equals(reply.text())
					? commands.send("HGETALL", LayoutScript.key(whole)).thenCompose((layout) -> {
						Map<String, String> fields = layout.fields();
						return isSealed(whole, fields, stream)
								? commands.redrive(deadLetters,
										(letter) -> partition(PartitionLayout.of(whole, fields), letter, id), id)
								: commands.redrive(deadLetters, stream, id, false);
					}) : CompletableFuture.completedFuture(reply));
	}

	/**
	 * By the layout, not by the name: any stream may have such a name.
	 */
	private static boolean isSealed(String whole, Map<String, String> fields, String stream) {
		return !fields.isEmpty()
				&& PartitionLayout.of(whole, fields).earlier().stream().anyMatch((names) -> names.contains(stream));
	}

	private static String partition(PartitionLayout layout, EntryFields letter, String id) {
		String key = letter.getText(EntryFormat.KEY);
		return layout.partition((key != null) ? key : id);
	}

}
