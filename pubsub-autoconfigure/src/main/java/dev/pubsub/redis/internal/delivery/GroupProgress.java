package dev.pubsub.redis.internal.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.pubsub.redis.internal.redis.EntryId;

/**
 * How far a group has come, as far as the consumers of one container know: where it goes
 * on when it was lost. Thread-safe.
 */
final class GroupProgress {

	/** Behind every entry. */
	private static final EntryId NOWHERE = new EntryId(Long.MAX_VALUE, 0);

	private final List<InFlightMessages> parts = new CopyOnWriteArrayList<>();

	private volatile EntryId start = EntryId.ZERO;

	/**
	 * The group begins after the given id.
	 */
	void startAfter(EntryId id) {
		this.start = id;
	}

	/**
	 * The group has delivered nothing behind the given id: what these consumers were
	 * given behind it, before the group was lost, comes again.
	 */
	void isAt(EntryId id) {
		this.start = (id.compareTo(this.start) < 0) ? id : this.start;
		this.parts.forEach((part) -> part.comeAgainAfter(id));
	}

	/**
	 * Add what one consumer answers for.
	 */
	void add(InFlightMessages inFlight) {
		this.parts.add(inFlight);
	}

	/**
	 * Return an id behind which something is that these consumers were given and that is
	 * not settled.
	 * @return the highest, a very high one when everything is settled
	 */
	EntryId settledBefore() {
		EntryId settled = NOWHERE;
		for (InFlightMessages part : this.parts) {
			settled = part.settledUpTo(settled);
		}
		return settled;
	}

	/**
	 * Return the highest id up to which everything that these consumers were given is
	 * settled.
	 * @return the id, where the group began when they were given nothing
	 */
	EntryId settledUpTo() {
		EntryId settled = this.start;
		for (InFlightMessages part : this.parts) {
			settled = (part.highest().compareTo(settled) > 0) ? part.highest() : settled;
		}
		for (InFlightMessages part : this.parts) {
			settled = part.settledUpTo(settled);
		}
		return settled;
	}

}
