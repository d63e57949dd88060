package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.EntryFields;
import org.jspecify.annotations.Nullable;

/**
 * An entry as Redis returned it.
 *
 * @param id id of the entry
 * @param fields fields of the entry, or {@code null} when it was deleted or trimmed while
 * it was pending, or was too large for the rest of the reply
 * @param bytes about how much memory its fields take, even where there was none for them
 */
public record StreamEntry(EntryId id, @Nullable EntryFields fields, long bytes) {

	/**
	 * Return whether the reply had the fields, which were too large to keep.
	 */
	public boolean isLeftOut() {
		return this.fields == null && this.bytes > 0;
	}

}
