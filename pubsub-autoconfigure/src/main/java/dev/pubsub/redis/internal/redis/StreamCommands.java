package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * Commands on streams as such. Each is sent on the link at once and answers with a
 * future.
 */
public final class StreamCommands {

	private final RedisLink link;

	public StreamCommands(RedisLink link) {
		this.link = link;
	}

	/**
	 * Return a request that adds an entry.
	 * @param stream key of the stream
	 * @param fields fields of the entry
	 * @param options how to add it
	 * @return a request whose reply is the id, or {@code null} when the stream is absent
	 * and must not be created
	 */
	public static RedisRequest<@Nullable EntryId> addRequest(String stream, EntryFields fields, AddOptions options) {
		EntryArguments arguments = new EntryArguments(bytes(stream), AddArguments.of(fields, options, true));
		return new RedisRequest<>(CommandType.XADD, new EntryIdOutput(), arguments);
	}

	public CompletableFuture<@Nullable EntryId> add(String stream, EntryFields fields, AddOptions options) {
		return this.link.send(addRequest(stream, fields, options));
	}

	/**
	 * Return entries between two ids, both included.
	 * @param stream key of the stream
	 * @param from lowest id, {@code -} for the first
	 * @param to highest id, {@code +} for the last
	 * @param count most entries to return
	 * @return the entries, in order
	 */
	public CompletableFuture<List<StreamEntry>> range(String stream, String from, String to, int count) {
		return range(stream, from, to, count, Long.MAX_VALUE);
	}

	/**
	 * Return entries in a range of ids.
	 * @param stream key of the stream
	 * @param from lowest id
	 * @param to highest id
	 * @param count most entries to return
	 * @param mostBytes how much memory they may take; of further ones only the ids are
	 * kept, the first is kept whatever its size
	 * @return the entries, in order
	 */
	CompletableFuture<List<StreamEntry>> range(String stream, String from, String to, int count, long mostBytes) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.addKey(bytes(stream))
			.add(from)
			.add(to)
			.add("COUNT")
			.add(count);
		return this.link.send(new RedisRequest<>(CommandType.XRANGE, EntryListOutput.entries(mostBytes), arguments));
	}

	/**
	 * Return the id of the last entry.
	 * @param stream key of the stream
	 * @return the id, {@code null} when the stream is empty or absent
	 */
	public CompletableFuture<@Nullable EntryId> lastId(String stream) {
		CommandArgs<byte[], byte[]> arguments = Requests.arguments()
			.addKey(bytes(stream))
			.add("+")
			.add("-")
			.add("COUNT")
			.add(1);
		return this.link.send(Requests.of(CommandType.XREVRANGE, arguments,
				(reply) -> reply.list().isEmpty() ? null : reply.get(0).get(0).id()));
	}

	public CompletableFuture<Long> length(String stream) {
		return this.link.send(Requests.of(CommandType.XLEN, Requests.arguments().addKey(bytes(stream)), Reply::number));
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
