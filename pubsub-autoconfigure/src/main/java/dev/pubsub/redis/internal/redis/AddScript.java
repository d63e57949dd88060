package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import org.jspecify.annotations.Nullable;

/**
 * Adds entries where XADD alone does not do: once per message on servers that do not
 * recognise a repetition themselves, and with safe trimming.
 */
public final class AddScript {

	private static final RedisScript ADD = RedisScript.load("add");

	private AddScript() {
	}

	/**
	 * Return a request that adds an entry and then trims the stream, unless it has no
	 * group.
	 * @param stream key of the stream
	 * @param fields fields of the entry
	 * @param options how to add it
	 * @return a request whose reply is the id, or {@code null} when the stream is absent
	 * and must not be created
	 */
	public static RedisRequest<@Nullable EntryId> trimLast(String stream, EntryFields fields, AddOptions options) {
		return request(List.of(StreamCommands.bytes(stream)), Duration.ZERO, fields, options);
	}

	/**
	 * Return a request that adds an entry unless the message was added before.
	 * @param stream key of the stream
	 * @param message id of the message
	 * @param memory how long to remember it
	 * @param fields fields of the entry
	 * @param options how to add it
	 * @return a request whose reply is the id, of this or the first time, or {@code null}
	 * when the stream is absent and must not be created
	 */
	public static RedisRequest<@Nullable EntryId> once(String stream, String message, Duration memory,
			EntryFields fields, AddOptions options) {
		String marker = RedisKeys.beside(stream, ":idmp:" + message);
		return request(List.of(StreamCommands.bytes(stream), StreamCommands.bytes(marker)), memory, fields, options);
	}

	private static RedisRequest<@Nullable EntryId> request(List<byte[]> keys, Duration memory, EntryFields fields,
			AddOptions options) {
		boolean trimLast = options.acknowledgedOnly();
		List<byte[]> trimming = trimLast ? AddArguments.trimming(options) : List.of();
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(StreamCommands.bytes(Long.toString(memory.toMillis())));
		arguments.add(StreamCommands.bytes(Integer.toString(trimming.size())));
		arguments.addAll(trimming);
		arguments.addAll(AddArguments.of(fields, options, !trimLast));
		return ADD.request(new EntryIdOutput(), keys, arguments);
	}

}
