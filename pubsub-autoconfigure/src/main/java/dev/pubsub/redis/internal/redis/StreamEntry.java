package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.EntryFields;
import org.jspecify.annotations.Nullable;

/**
 * An entry as Redis returned it.
 *
 * @param id id of the entry
 * @param fields fields of the entry, or {@code null} when it was deleted or trimmed while
 * it was pending
 */
public record StreamEntry(EntryId id, @Nullable EntryFields fields) {

}
