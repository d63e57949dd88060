package dev.pubsub.redis.internal.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets messages that were left to their leases, once Redis has them for this consumer
 * no more: another one answers for them, or they are settled. Asks without a thread that
 * waits for the answer, one look at a time. Only for one thread at a time.
 */
final class Leftovers {

	private static final Logger logger = LoggerFactory.getLogger(Leftovers.class);

	private static final int PAGE = 200;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final GroupGuard groupGuard;

	private final AtomicBoolean looking = new AtomicBoolean();

	private volatile List<InFlightMessage> gone = List.of();

	Leftovers(GroupClient client, InFlightMessages inFlight, GroupGuard groupGuard) {
		this.client = client;
		this.inFlight = inFlight;
		this.groupGuard = groupGuard;
	}

	/**
	 * Look, and forget what the look before this one found gone: when it was gone with
	 * its group, the group goes on before it by then.
	 */
	void look() {
		if (!this.inFlight.isAnyLeft() || this.groupGuard.isLossSuspected()
				|| !this.looking.compareAndSet(false, true)) {
			return;
		}
		this.gone.forEach(this.inFlight::remove);
		this.gone = List.of();
		Map<EntryId, InFlightMessage> candidates = new HashMap<>();
		this.inFlight.left().forEach((message) -> candidates.put(message.id(), message));
		look(candidates, null);
	}

	private void look(Map<EntryId, InFlightMessage> candidates, @Nullable EntryId after) {
		if (candidates.isEmpty()) {
			this.looking.set(false);
			return;
		}
		this.client.ownPending(after, PAGE).whenComplete((page, failure) -> {
			if (page == null) {
				logger.debug("Cannot look at what {} has of {}", this.client.consumer(), this.client.group(), failure);
				this.looking.set(false);
			}
			else {
				looked(candidates, page);
			}
		});
	}

	private void looked(Map<EntryId, InFlightMessage> candidates, List<PendingEntry> page) {
		page.forEach((entry) -> candidates.remove(entry.id()));
		if (page.size() == PAGE) {
			look(candidates, page.get(PAGE - 1).id());
			return;
		}
		if (!candidates.isEmpty()) {
			this.gone = List.copyOf(candidates.values());
			this.groupGuard.suspectLoss();
		}
		this.looking.set(false);
	}

}
