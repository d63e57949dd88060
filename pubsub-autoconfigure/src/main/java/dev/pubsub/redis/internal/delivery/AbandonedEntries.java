package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a group that no consumer renewed for a lease.
 */
final class AbandonedEntries {

	private final Duration lease;

	private final GroupClient client;

	private final GroupClient looks;

	/**
	 * Create a list of them.
	 * @param client lists them
	 * @param looks asks whether there are any; mostly there are none, so it need not be
	 * fast
	 */
	AbandonedEntries(Duration lease, GroupClient client, GroupClient looks) {
		this.lease = lease;
		this.client = client;
		this.looks = looks;
	}

	/**
	 * Ask whether there are any.
	 */
	CompletableFuture<Boolean> isAny() {
		return this.looks.pending(this.lease, null, 1).thenApply((page) -> !page.isEmpty());
	}

	/**
	 * List them in the order of their ids.
	 * @param after the last one before the page, {@code null} for the first page
	 * @param most how many at most
	 */
	CompletableFuture<List<PendingEntry>> page(@Nullable EntryId after, int most) {
		return this.client.pending(this.lease, after, most);
	}

}
