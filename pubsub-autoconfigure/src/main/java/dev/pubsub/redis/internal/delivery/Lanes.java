package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * One lane for each key. A message starts when the messages of its lane with lower ids
 * have ended, however often those are attempted. Thread-safe: {@code lock} guards all.
 */
final class Lanes {

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Lane> byKey = new HashMap<>();

	private final Map<EntryId, Lane> byId = new HashMap<>();

	private final AtomicInteger parked = new AtomicInteger();

	/**
	 * A message arrived: a new one, or one that is delivered again.
	 * @return whether it may start now; otherwise it is parked
	 */
	boolean enter(String key, InFlightMessage message) {
		this.lock.lock();
		try {
			EntryId id = message.id();
			Lane lane = lane(key, id);
			boolean waited = lane.messages.put(id, message) != null && !id.equals(lane.started);
			if (lane.isNext(id)) {
				this.parked.addAndGet(waited ? -1 : 0);
				lane.started = id;
				return true;
			}
			this.parked.addAndGet(waited ? 0 : 1);
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A message is pending in Redis, and will arrive.
	 */
	void expect(String key, EntryId id) {
		this.lock.lock();
		try {
			lane(key, id).messages.putIfAbsent(id, null);
		}
		finally {
			this.lock.unlock();
		}
	}

	private Lane lane(String key, EntryId id) {
		Lane lane = this.byKey.computeIfAbsent(key, Lane::new);
		this.byId.put(id, lane);
		return lane;
	}

	/**
	 * A message ended: its handler returned, and it will not be attempted again.
	 * @return what follows from that
	 */
	Next end(EntryId id) {
		this.lock.lock();
		try {
			Lane lane = this.byId.remove(id);
			if (lane == null) {
				return Next.NONE;
			}
			InFlightMessage message = lane.messages.remove(id);
			if (id.equals(lane.started)) {
				lane.started = null;
			}
			else if (message != null) {
				this.parked.decrementAndGet();
			}
			return next(lane);
		}
		finally {
			this.lock.unlock();
		}
	}

	private Next next(Lane lane) {
		if (lane.messages.isEmpty()) {
			this.byKey.remove(lane.key);
			return Next.NONE;
		}
		if (lane.started != null) {
			return Next.NONE;
		}
		Map.Entry<EntryId, @Nullable InFlightMessage> first = lane.messages.firstEntry();
		InFlightMessage message = first.getValue();
		if (message == null) {
			return new Next(null, first.getKey());
		}
		lane.started = first.getKey();
		this.parked.decrementAndGet();
		return new Next(message, null);
	}

	/**
	 * Return whether a message need not wait for another one.
	 */
	boolean isNext(EntryId id) {
		this.lock.lock();
		try {
			Lane lane = this.byId.get(id);
			return lane == null || lane.isNext(id);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the messages that did not arrive yet, and need not wait for others.
	 */
	List<EntryId> awaited() {
		this.lock.lock();
		try {
			List<EntryId> awaited = new ArrayList<>();
			for (Lane lane : this.byKey.values()) {
				if (lane.started == null && lane.messages.firstEntry().getValue() == null) {
					awaited.add(lane.messages.firstKey());
				}
			}
			return awaited;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return how many messages arrived and wait for others.
	 */
	int parked() {
		return this.parked.get();
	}

	/**
	 * Take out what waits for others: it will not start here.
	 */
	List<InFlightMessage> drain() {
		this.lock.lock();
		try {
			List<InFlightMessage> drained = new ArrayList<>(this.parked.get());
			for (Lane lane : this.byKey.values()) {
				lane.messages.replaceAll((id, message) -> {
					if (message != null && !id.equals(lane.started)) {
						drained.add(message);
						return null;
					}
					return message;
				});
			}
			this.parked.set(0);
			return drained;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What follows from the end of a message.
	 *
	 * @param start the message to start, {@code null} for none
	 * @param claim id of the next message of the lane where it did not arrive yet,
	 * {@code null} otherwise
	 */
	record Next(@Nullable InFlightMessage start, @Nullable EntryId claim) {

		private static final Next NONE = new Next(null, null);

	}

	/**
	 * The messages of one key that have not ended, {@code null} for one that did not
	 * arrive.
	 */
	private static final class Lane {

		private final String key;

		private final TreeMap<EntryId, @Nullable InFlightMessage> messages = new TreeMap<>();

		private @Nullable EntryId started;

		Lane(String key) {
			this.key = key;
		}

		boolean isNext(EntryId id) {
			EntryId present = this.started;
			return (present != null) ? present.equals(id) : this.messages.firstKey().equals(id);
		}

	}

}
