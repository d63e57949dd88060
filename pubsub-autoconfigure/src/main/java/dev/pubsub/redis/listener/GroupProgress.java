package dev.pubsub.redis.listener;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.EntryId;

/**
 * How far a group has come, as far as the consumers of one container know: where it goes
 * on when it was lost. Thread-safe.
 */
final class GroupProgress {

	private final List<Part> parts = new CopyOnWriteArrayList<>();

	private volatile EntryId start = EntryId.ZERO;

	/**
	 * The group begins after the given id.
	 */
	void startAfter(EntryId id) {
		this.start = id;
	}

	/**
	 * Add what one consumer knows.
	 * @param inFlight messages it answers for
	 * @param waiting returns the ids of others that are not settled; between there and in
	 * flight no message is in neither
	 */
	void add(InFlightMessages inFlight, Supplier<Collection<EntryId>> waiting) {
		this.parts.add(new Part(inFlight, waiting));
	}

	/**
	 * Return the highest id up to which everything that these consumers were given is
	 * settled.
	 * @return the id, where the group began when they were given nothing
	 */
	EntryId settledUpTo() {
		EntryId settled = this.start;
		for (Part part : this.parts) {
			EntryId highest = part.inFlight().highest();
			settled = (highest.compareTo(settled) > 0) ? highest : settled;
		}
		for (Part part : this.parts) {
			settled = lowest(settled, part.inFlight().ids());
			settled = lowest(settled, part.waiting().get());
			// Again, since what waited may be in flight by now.
			settled = lowest(settled, part.inFlight().ids());
		}
		return settled;
	}

	private static EntryId lowest(EntryId settled, Collection<EntryId> unsettled) {
		EntryId lowest = settled;
		for (EntryId id : unsettled) {
			lowest = (id.compareTo(lowest) <= 0) ? id.previous() : lowest;
		}
		return lowest;
	}

	private record Part(InFlightMessages inFlight, Supplier<Collection<EntryId>> waiting) {

	}

}
