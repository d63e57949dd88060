package dev.pubsub.redis.operations;

import java.util.List;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Reads pages of entries.
 */
final class EntryPages {

	/**
	 * A page below this size is short only as there are no more entries.
	 */
	private static final long SURELY_WHOLE_BYTES = 256 * 1024;

	private final StreamAdmin admin;

	EntryPages(StreamAdmin admin) {
		this.admin = admin;
	}

	Page<StoredMessage> read(String stream, IdRange range, Order order, PageRequest page) {
		IdRange rest = range;
		if (page.after() != null) {
			RecordId after = EntryIds.parse("after", page.after());
			rest = (order == Order.OLDEST_FIRST) ? range.withFromAfter(after) : range.withToBefore(after);
		}
		List<StoredMessage> entries = read(stream, rest, order, page.limit() + 1);
		if (entries.size() > page.limit()) {
			return Listing.page(entries, (entry) -> entry.id().getValue(), page);
		}
		return new Page<>(entries, isWhole(stream, range, order, entries) ? null : last(entries).getValue());
	}

	private List<StoredMessage> read(String stream, IdRange range, Order order, int count) {
		return Operation.run(() -> (order == Order.OLDEST_FIRST) ? this.admin.range(stream, range, count)
				: this.admin.reverseRange(stream, range, count));
	}

	private boolean isWhole(String stream, IdRange range, Order order, List<StoredMessage> entries) {
		long bytes = entries.stream().mapToLong((entry) -> Fields.bytes(entry.fields())).sum();
		if (bytes < SURELY_WHOLE_BYTES) {
			return true;
		}
		IdRange rest = (order == Order.OLDEST_FIRST) ? range.withFromAfter(last(entries))
				: range.withToBefore(last(entries));
		return read(stream, rest, order, 1).isEmpty();
	}

	private static RecordId last(List<StoredMessage> entries) {
		return entries.get(entries.size() - 1).id();
	}

}
