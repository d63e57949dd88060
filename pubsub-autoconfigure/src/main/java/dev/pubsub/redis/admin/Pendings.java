package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.internal.redis.StreamEntry;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Pending entries of groups.
 */
final class Pendings {

	/** So few that large ones do not occupy this process. */
	private static final int CLAIMED_AT_ONCE = 8;

	private final AdminLink link;

	Pendings(AdminLink link) {
		this.link = link;
	}

	PendingSummary summary(String stream, String group) {
		Reply summary = this.link.call("count what is pending in " + stream,
				(commands) -> commands.send("XPENDING", stream, group));
		Map<String, Long> byConsumer = new LinkedHashMap<>();
		summary.get(3).list().forEach((part) -> byConsumer.put(part.get(0).text(), part.get(1).number()));
		return new PendingSummary(summary.get(0).number(), id(summary.get(1)), id(summary.get(2)), byConsumer);
	}

	List<PendingMessage> list(String stream, String group, PendingQuery query) {
		return this.link
			.call("list what is pending in " + stream,
					(commands) -> commands.send("XPENDING", stream, query.arguments(group)))
			.list()
			.stream()
			.map((item) -> new PendingMessage(RecordId.of(item.get(0).text()), item.get(1).text(),
					Duration.ofMillis(item.get(2).number()), item.get(3).number()))
			.toList();
	}

	long acknowledge(String stream, String group, RecordId... ids) {
		Object[] arguments = arguments(List.of(group), ids, List.of());
		return (ids.length == 0) ? 0
				: this.link.call("acknowledge in " + stream, (commands) -> commands.send("XACK", stream, arguments))
					.number();
	}

	List<StoredMessage> claim(String stream, String group, String consumer, ClaimOptions options, RecordId... ids) {
		if (ids.length == 0) {
			return List.of();
		}
		List<StoredMessage> claimed = new ArrayList<>();
		long bytes = 0;
		for (int from = 0; from < ids.length && bytes < Pages.MOST_BYTES; from += CLAIMED_AT_ONCE) {
			RecordId[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + CLAIMED_AT_ONCE));
			Object[] arguments = claimArguments(group, consumer, options, some, List.of());
			List<StreamEntry> entries = this.link.call("claim from " + stream,
					(commands) -> commands.sendForEntries("XCLAIM", stream, Long.MAX_VALUE, arguments));
			bytes += entries.stream().mapToLong(StreamEntry::bytes).sum();
			claimed.addAll(Streams.messages(entries));
		}
		return claimed;
	}

	List<RecordId> claimJustId(String stream, String group, String consumer, ClaimOptions options, RecordId... ids) {
		if (ids.length == 0) {
			return List.of();
		}
		Object[] arguments = claimArguments(group, consumer, options, ids, List.of("JUSTID"));
		return this.link.call("claim from " + stream, (commands) -> commands.send("XCLAIM", stream, arguments))
			.list()
			.stream()
			.map((id) -> RecordId.of(id.text()))
			.toList();
	}

	private static Object[] claimArguments(String group, String consumer, ClaimOptions options, RecordId[] ids,
			List<Object> last) {
		List<Object> first = new ArrayList<>(List.of(group, consumer));
		first.addAll(options.before());
		List<Object> after = new ArrayList<>(options.after());
		after.addAll(last);
		return arguments(first, ids, after);
	}

	private static Object[] arguments(List<?> before, RecordId[] ids, List<?> after) {
		List<Object> arguments = new ArrayList<>(before);
		arguments.addAll(List.of(Streams.values(ids)));
		arguments.addAll(after);
		return arguments.toArray();
	}

	private static @Nullable RecordId id(Reply id) {
		return id.isNull() ? null : RecordId.of(id.text());
	}

}
