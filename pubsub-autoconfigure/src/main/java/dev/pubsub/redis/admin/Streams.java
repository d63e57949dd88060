package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.CommandFailedException;
import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.internal.redis.StreamEntry;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * Streams as such.
 */
final class Streams {

	private static final Duration LONGEST_BLOCK = Duration.ofDays(1);

	private final AdminLink link;

	Streams(AdminLink link) {
		this.link = link;
	}

	long length(String stream) {
		return this.link.call("count " + stream, (commands) -> commands.send("XLEN", stream)).number();
	}

	List<StoredMessage> range(String stream, String from, String to, int count, boolean reverse) {
		positive(count);
		String command = reverse ? "XREVRANGE" : "XRANGE";
		return messages(new Pages((last, wanted, bytes) -> {
			if (!reverse && last != null && IdRange.HIGHEST.equals(last.toString())) {
				return List.of();
			}
			String begin = (last != null) ? "(" + last : reverse ? to : from;
			String end = reverse ? from : to;
			return this.link.call("read " + stream,
					(commands) -> commands.sendForEntries(command, stream, bytes, begin, end, "COUNT", wanted));
		}).read(count));
	}

	Optional<StreamInfo> info(String stream) {
		try {
			Reply info = this.link.call("look at " + stream, (commands) -> commands.sendSub("XINFO", "STREAM", stream));
			return Optional.of(new StreamInfo(info.get("length").number(), info.get("groups").number(),
					RecordId.of(info.get("last-generated-id").text()), id(info.get("first-entry")),
					id(info.get("last-entry"))));
		}
		catch (StreamAdminException ex) {
			if (isNoSuchKey(ex)) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	long trim(String stream, TrimOptions options) {
		return this.link.call("trim " + stream, (commands) -> commands.send("XTRIM", stream, options.arguments()))
			.number();
	}

	long delete(String stream, RecordId... ids) {
		return (ids.length == 0) ? 0
				: this.link.call("delete from " + stream, (commands) -> commands.send("XDEL", stream, values(ids)))
					.number();
	}

	List<StoredMessage> read(String stream, String after, int count, Duration block) {
		positive(count);
		Assert.isTrue(!block.isNegative() && block.compareTo(LONGEST_BLOCK) <= 0,
				() -> "'block' must be zero or more and at most a day, was " + block);
		String what = "read " + stream;
		// To Redis zero means for ever.
		Duration wait = block.isZero() ? block : Duration.ofMillis(Math.max(1, block.toMillis()));
		return messages(new Pages((last, wanted, bytes) -> {
			if (last == null && !wait.isZero()) {
				return this.link.callBlocking(what, wait,
						(commands) -> commands.read(stream, after, wanted, wait, bytes));
			}
			String behind = (last != null) ? last.toString() : after;
			return this.link.call(what, (commands) -> commands.read(stream, behind, wanted, Duration.ZERO, bytes));
		}).read(count));
	}

	static List<StoredMessage> messages(List<StreamEntry> entries) {
		return entries.stream().flatMap(Streams::message).toList();
	}

	static Object[] values(RecordId... ids) {
		return Arrays.stream(ids).map(RecordId::getValue).toArray();
	}

	static boolean isNoSuchKey(StreamAdminException ex) {
		Throwable cause = ex.getCause();
		return cause instanceof CommandFailedException failure && failure.error().startsWith("ERR no such key");
	}

	private static Stream<StoredMessage> message(StreamEntry entry) {
		EntryFields fields = entry.fields();
		return (fields != null) ? Stream.of(new StoredMessage(entry.id().toRecordId(), fields)) : Stream.empty();
	}

	private static @Nullable RecordId id(Reply entry) {
		return entry.list().isEmpty() ? null : RecordId.of(entry.get(0).text());
	}

	private static void positive(int count) {
		Assert.isTrue(count > 0, () -> "'count' must be one or more, was " + count);
	}

}
