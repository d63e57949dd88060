package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * A pending entry and its key.
 *
 * @param id id of the entry
 * @param deliveries how often it was delivered
 * @param key its key, {@code null} for none
 * @param isTaken whether the owner of the stream has it now; not where its payload is
 * gone
 */
public record KeyedEntry(EntryId id, int deliveries, @Nullable String key, boolean isTaken) {

	static KeyedEntry of(Reply reply) {
		Reply key = reply.get(2);
		return new KeyedEntry(reply.get(0).id(), PendingEntry.deliveries(reply.get(1).number()),
				key.isNull() ? null : key.text(), reply.get(3).number() == 1);
	}

}
