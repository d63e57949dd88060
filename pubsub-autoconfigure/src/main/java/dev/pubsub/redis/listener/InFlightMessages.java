package dev.pubsub.redis.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * All messages that one consumer answers for. Thread-safe.
 */
final class InFlightMessages {

	private static final int MOST_LEFT = 10_000;

	private final ConcurrentHashMap<EntryId, InFlightMessage> messages = new ConcurrentHashMap<>();

	private final Map<EntryId, Integer> left = new ConcurrentHashMap<>();

	private final AtomicInteger held = new AtomicInteger();

	private volatile EntryId highest = EntryId.ZERO;

	private volatile boolean forgot;

	/**
	 * Add a message, unless it is here already.
	 * @return the one that is here already, or {@code null} when it was added
	 */
	@Nullable InFlightMessage add(InFlightMessage message) {
		this.left.remove(message.id());
		InFlightMessage held = this.messages.putIfAbsent(message.id(), message);
		// Last, so that nothing up to the highest is in neither place.
		if (message.id().compareTo(this.highest) > 0) {
			this.highest = message.id();
		}
		return held;
	}

	/**
	 * Put a message in the place of one that is not renewed any more.
	 */
	void replace(InFlightMessage message) {
		this.messages.put(message.id(), message);
	}

	/**
	 * Remove a message, unless another took its place.
	 */
	boolean remove(InFlightMessage message) {
		boolean removed = this.messages.remove(message.id(), message);
		if (removed) {
			release(message);
		}
		return removed;
	}

	/**
	 * Hold a message that waits here for long for its next attempt, until it is released
	 * or removed.
	 */
	void hold(InFlightMessage message) {
		if (message.setHeld(true)) {
			this.held.incrementAndGet();
		}
	}

	void release(InFlightMessage message) {
		if (message.setHeld(false)) {
			this.held.decrementAndGet();
		}
	}

	/**
	 * Return how many are held.
	 */
	int held() {
		return this.held.get();
	}

	/**
	 * Remove a message that Redis still has for this consumer, as it was handed back or
	 * its lease runs out: until somebody takes it, it must not be mistaken for one that
	 * never arrived.
	 */
	void leave(InFlightMessage message) {
		if (this.messages.get(message.id()) == message) {
			// First, or whoever looks between both would take it for one that never
			// arrived.
			leave(message.id(), message.attempt());
			remove(message);
		}
	}

	/**
	 * Leave a delivery to its lease that cannot be taken.
	 */
	void leave(EntryId id, int deliveries) {
		if (this.left.size() < MOST_LEFT) {
			this.left.put(id, deliveries);
		}
		else {
			this.forgot = true;
		}
	}

	/**
	 * Leave those of some messages to their leases that are not done: the work on them
	 * broke off.
	 */
	void leaveUnfinished(Collection<InFlightMessage> broken) {
		for (InFlightMessage message : broken) {
			if (message.stage().isBeforeItsEnd()) {
				leave(message);
			}
		}
	}

	/**
	 * Return whether a delivery arrived here: its message is in flight, or was and is
	 * left to its lease. One more delivery than when it was left is one that did not
	 * arrive. Where too many were left to remember them all, each up to the highest may
	 * be one of them.
	 */
	boolean knows(EntryId id, int deliveries) {
		return contains(id) || deliveries <= this.left.getOrDefault(id, 0)
				|| (this.forgot && id.compareTo(this.highest) <= 0);
	}

	/**
	 * Return what was left to its lease so far.
	 */
	Set<EntryId> left() {
		return Set.copyOf(this.left.keySet());
	}

	/**
	 * Forget what was left and is not this consumer's any more.
	 */
	void forget(Collection<EntryId> ids) {
		this.left.keySet().removeAll(ids);
	}

	/**
	 * Answer for nothing any more.
	 */
	void clear() {
		this.messages.clear();
	}

	@Nullable InFlightMessage get(EntryId id) {
		return this.messages.get(id);
	}

	boolean contains(EntryId id) {
		return this.messages.containsKey(id);
	}

	int size() {
		return this.messages.size();
	}

	boolean isEmpty() {
		return this.messages.isEmpty();
	}

	Collection<InFlightMessage> all() {
		return this.messages.values();
	}

	List<EntryId> ids() {
		return new ArrayList<>(this.messages.keySet());
	}

	/**
	 * Return the highest id that this consumer was given, zero before the first.
	 */
	EntryId highest() {
		return this.highest;
	}

}
