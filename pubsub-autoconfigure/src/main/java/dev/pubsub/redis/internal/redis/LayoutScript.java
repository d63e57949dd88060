package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Reads the layout of a partitioned stream, and creates it where there is none: one hash
 * beside the stream.
 */
public final class LayoutScript {

	private static final RedisScript LAYOUT = RedisScript.load("layout");

	private LayoutScript() {
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
	 * Read the layout, or create it.
	 * @param link where to send
	 * @param deadline until when to try
	 * @param stream name of the partitioned stream
	 * @param wanted fields of the layout where there is none
	 * @return fields of the layout that there is now
	 */
	public static CompletableFuture<Map<String, String>> run(RedisLink link, @Nullable Deadline deadline, String stream,
			Map<String, String> wanted) {
		List<byte[]> arguments = new ArrayList<>();
		wanted.forEach((name, value) -> {
			arguments.add(StreamCommands.bytes(name));
			arguments.add(StreamCommands.bytes(value));
		});
		return LAYOUT.run(link, deadline, List.of(StreamCommands.bytes(key(stream))), arguments, LayoutScript::fields);
	}

	private static Map<String, String> fields(Reply reply) {
		Map<String, String> fields = new LinkedHashMap<>();
		List<Reply> list = reply.list();
		for (int i = 0; i + 1 < list.size(); i += 2) {
			fields.put(list.get(i).text(), list.get(i + 1).text());
		}
		return fields;
	}

}
