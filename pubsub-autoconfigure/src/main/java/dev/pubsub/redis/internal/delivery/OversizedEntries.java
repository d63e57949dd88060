package dev.pubsub.redis.internal.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * Entries that were found too large for this process. Nothing asks for their payload
 * again: that alone is work for the server. Thread-safe.
 */
final class OversizedEntries {

	private static final int MOST = 1000;

	private final Map<EntryId, Long> sizes = new ConcurrentHashMap<>();

	/**
	 * Note that an entry is too large.
	 * @param bytes its size, or whatever stands for it where it is known already
	 * @return its size
	 */
	long add(EntryId id, long bytes) {
		if (this.sizes.size() >= MOST) {
			this.sizes.clear();
		}
		Long known = this.sizes.putIfAbsent(id, bytes);
		return (known != null) ? known : bytes;
	}

	boolean contains(EntryId id) {
		return this.sizes.containsKey(id);
	}

	/**
	 * Forget an entry that is given up.
	 * @return its size, {@code null} if it was not known to be too large
	 */
	@Nullable Long remove(EntryId id) {
		return this.sizes.remove(id);
	}

}
