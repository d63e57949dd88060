package dev.pubsub.redis.listener;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Entries that have one attempt left and that a consumer left behind: each may be the one
 * that ends the process, so they run one after the other. Only for the thread of the
 * {@link ClaimScheduler}.
 */
final class Suspects {

	private static final int MOST = 10_000;

	private final InFlightMessages inFlight;

	private final int maxAttempts;

	private final Set<EntryId> waiting = new LinkedHashSet<>();

	private @Nullable EntryId current;

	Suspects(InFlightMessages inFlight, int maxAttempts) {
		this.inFlight = inFlight;
		this.maxAttempts = maxAttempts;
	}

	/**
	 * Return whether an entry is one of them.
	 */
	boolean include(PendingEntry entry) {
		return this.maxAttempts > 1 && entry.deliveries() + 1 >= this.maxAttempts;
	}

	/**
	 * Let an entry wait for its turn. Beyond a bound it is left for the next search.
	 */
	void add(EntryId id) {
		if (this.waiting.size() < MOST) {
			this.waiting.add(id);
		}
	}

	boolean isAnyWaiting() {
		return !this.waiting.isEmpty();
	}

	/**
	 * Return whether the handler of one is not done with it.
	 */
	boolean isAnyRunning() {
		InFlightMessage message = (this.current != null) ? this.inFlight.get(this.current) : null;
		return message != null && !message.isAbandoned() && message.stage().isBeforeItsEnd();
	}

	/**
	 * Begin with the next one.
	 * @return its id, {@code null} when none waits
	 */
	@Nullable EntryId next() {
		Iterator<EntryId> all = this.waiting.iterator();
		if (!all.hasNext()) {
			return null;
		}
		this.current = all.next();
		all.remove();
		return this.current;
	}

	/**
	 * Forget those that wait: they are searched for again.
	 */
	void clear() {
		this.waiting.clear();
	}

}
