package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Result of asking for one entry.
 *
 * @param ownership whether it is this consumer's now
 * @param entry the entry, if so, without its fields where it is too large
 * @param pending its owner and its idle time before, and its deliveries now, if so
 */
public record TakenEntry(Ownership ownership, @Nullable StreamEntry entry, @Nullable PendingEntry pending) {

	private static final TakenEntry LEFT_OUT = new TakenEntry(Ownership.OWNED, null, null);

	/**
	 * Return whether there was no room for it in the reply: nothing happened to it.
	 */
	public boolean isLeftOut() {
		return this.ownership == Ownership.OWNED && this.entry == null && this.pending == null;
	}

	/**
	 * Return the same entry with its payload.
	 * @param payload the payload, nothing when it is gone
	 */
	TakenEntry with(@Nullable StreamEntry payload) {
		return (payload != null) ? new TakenEntry(this.ownership, payload, this.pending)
				: new TakenEntry(Ownership.PAYLOAD_GONE, null, null);
	}

	/**
	 * Return as many entries as were asked for.
	 * @param first the first of them
	 * @param count how many were asked for; there was no room for the others
	 */
	static List<TakenEntry> fill(List<TakenEntry> first, int count) {
		List<TakenEntry> all = new ArrayList<>(first);
		all.addAll(Collections.nCopies(count - first.size(), LEFT_OUT));
		return all;
	}

	/**
	 * Read a reply, and make sure that it is the one to this question.
	 */
	static List<TakenEntry> listOf(Reply reply, List<EntryId> ids) {
		List<Reply> items = reply.list();
		Assert.state(items.size() == ids.size(), "Not as many replies as entries");
		List<TakenEntry> entries = new ArrayList<>(ids.size());
		for (int i = 0; i < ids.size(); i++) {
			entries.add(of(items.get(i), ids.get(i)));
		}
		return entries;
	}

	private static TakenEntry of(Reply reply, EntryId id) {
		Reply entry = reply.get(0);
		if (entry.isNull()) {
			return (reply.number() == -3) ? LEFT_OUT : new TakenEntry(Ownership.of(reply), null, null);
		}
		PendingEntry pending = new PendingEntry(id, reply.get(1).text(), reply.get(2).number(),
				PendingEntry.deliveries(reply.get(3).number()));
		return new TakenEntry(Ownership.OWNED, entry(entry, id), pending);
	}

	private static StreamEntry entry(Reply entry, EntryId id) {
		if (entry.value() instanceof Number size) {
			return new StreamEntry(id, null, size.longValue());
		}
		Assert.state(entry.get(0).id().equals(id), "The reply is about another entry");
		List<Reply> texts = entry.get(1).list();
		byte[][] fields = new byte[texts.size()][];
		long bytes = 0;
		for (int i = 0; i < fields.length; i++) {
			fields[i] = texts.get(i).bytes();
			bytes += fields[i].length + ReplyLimit.TEXT_OVERHEAD;
		}
		return new StreamEntry(id, EntryFields.of(fields), bytes);
	}

}
