package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the layout of a partitioned stream: one hash beside the stream.
 */
public final class LayoutScript {

	private static final RedisScript LAYOUT = RedisScript.load("layout");

	private static final RedisScript RAISE = RedisScript.load("layout_raise");

	private final RedisLink link;

	private final @Nullable Deadline deadline;

	private final String stream;

	/**
	 * Create commands on a layout.
	 * @param link where to send
	 * @param deadline until when to try
	 * @param stream name of the partitioned stream
	 */
	public LayoutScript(RedisLink link, @Nullable Deadline deadline, String stream) {
		this.link = link.following(key(stream));
		this.deadline = deadline;
		this.stream = stream;
	}

	/**
	 * Return the key of a layout.
	 * @param stream name of the partitioned stream
	 * @return the key
	 */
	public static String key(String stream) {
		return RedisKeys.beside(stream, ":partitions");
	}

	/**
	 * Read the layout.
	 * @return its fields, empty where there is none
	 */
	public CompletableFuture<Map<String, String>> read() {
		return new KeyCommands(this.link, this.deadline).send("HGETALL", key(this.stream)).thenApply(Reply::fields);
	}

	/**
	 * Write a layout, unless there is one of the same generation or a later one.
	 * @param generation its generation
	 * @param wanted its fields
	 * @return fields of the layout that there is now
	 */
	public CompletableFuture<Map<String, String>> write(int generation, Map<String, String> wanted) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(number(generation));
		wanted.forEach((name, value) -> {
			arguments.add(StreamCommands.bytes(name));
			arguments.add(StreamCommands.bytes(value));
		});
		return run(LAYOUT, arguments);
	}

	/**
	 * Announce another number of partitions, unless another one is announced.
	 * @param generation the generation that is to be followed
	 * @param count the new number
	 * @return fields of the layout that there is now
	 */
	public CompletableFuture<Map<String, String>> announce(int generation, int count) {
		return run(RAISE, List.of(number(generation), number(count)));
	}

	/**
	 * Note that the partitions of the first generations are gone.
	 * @param generations how many generations
	 * @return completes when that is noted
	 */
	public CompletableFuture<Void> removed(int generations) {
		return new KeyCommands(this.link, this.deadline).send("HSET", key(this.stream), "removed", generations)
			.thenApply((reply) -> null);
	}

	private CompletableFuture<Map<String, String>> run(RedisScript script, List<byte[]> arguments) {
		return script.run(this.link, this.deadline, List.of(StreamCommands.bytes(key(this.stream))), arguments,
				Reply::fields);
	}

	private static byte[] number(int number) {
		return StreamCommands.bytes(Integer.toString(number));
	}

}
