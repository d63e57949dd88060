package dev.pubsub.redis.internal.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupPosition;

/**
 * How far a group has come, as far as the consumers of one container know: where it goes
 * on when it was lost. Thread-safe.
 */
final class GroupProgress {

	/** Behind every entry. */
	static final EntryId NOWHERE = new EntryId(Long.MAX_VALUE, 0);

	private final List<Part> parts = new CopyOnWriteArrayList<>();

	private volatile EntryId start = EntryId.ZERO;

	/** The last one that any of them knows. */
	private final AtomicLong generation = new AtomicLong();

	/** Whether the group was there, so that it is lost where it is absent. */
	private volatile boolean known;

	/**
	 * The group begins after the given id.
	 */
	void startAfter(EntryId id) {
		this.start = id;
	}

	/**
	 * The group exists, or did.
	 */
	void exists() {
		this.known = true;
	}

	/**
	 * Return whether the group was there before: it must not begin as a new one does.
	 */
	boolean isKnown() {
		return this.known;
	}

	/**
	 * Add what one consumer answers for.
	 * @return its part
	 */
	Part add(InFlightMessages inFlight) {
		Part part = new Part(inFlight, this.known ? this.generation.get() : 0);
		this.parts.add(part);
		return part;
	}

	/**
	 * Return an id behind which something is that these consumers were given and that is
	 * not settled.
	 * @return the highest, a very high one when everything is settled
	 */
	EntryId settledBefore() {
		EntryId settled = NOWHERE;
		for (Part part : this.parts) {
			settled = part.inFlight.settledUpTo(settled);
		}
		return settled;
	}

	/**
	 * Return the highest id up to which everything that these consumers were given is
	 * settled.
	 * @return the id, where the group began when they were given nothing
	 */
	EntryId settledUpTo() {
		EntryId settled = delivered();
		for (Part part : this.parts) {
			settled = part.inFlight.settledUpTo(settled);
		}
		return settled;
	}

	/**
	 * Return the highest id that these consumers were given by the group as it is now.
	 * @return the id, where the group began when they were given nothing
	 */
	EntryId delivered() {
		EntryId delivered = this.start;
		for (Part part : this.parts) {
			EntryId highest = part.inFlight.highest();
			delivered = (!part.isBehind() && highest.compareTo(delivered) > 0) ? highest : delivered;
		}
		return delivered;
	}

	/**
	 * One consumer, with the last generation of the group that it knows.
	 */
	final class Part {

		private final InFlightMessages inFlight;

		private volatile long generation;

		private Part(InFlightMessages inFlight, long generation) {
			this.inFlight = inFlight;
			this.generation = generation;
		}

		/**
		 * The only consumer has ended. The next owner of the stream looks up which
		 * messages it did not settle.
		 */
		void end() {
			GroupProgress whole = GroupProgress.this;
			whole.start = whole.settledUpTo();
			whole.parts.remove(this);
			whole.exists();
		}

		long generation() {
			return this.generation;
		}

		/**
		 * Return whether another consumer knows that the group began again. What this one
		 * was given may have come from the group as it was before.
		 */
		boolean isBehind() {
			return this.generation < GroupProgress.this.generation.get();
		}

		/**
		 * The consumer begins with a group as it is.
		 */
		void joins(GroupPosition position) {
			this.generation = Math.max(this.generation, position.generation());
			GroupProgress.this.generation.accumulateAndGet(this.generation, Math::max);
		}

		/**
		 * The group has delivered nothing behind the given position: what these consumers
		 * were given behind it, before the group was lost, comes again. So does what this
		 * one was given behind where it began again. Only while this one reads nothing.
		 */
		void isAt(GroupPosition position) {
			GroupProgress whole = GroupProgress.this;
			EntryId again = position.again();
			whole.start = (again.compareTo(whole.start) < 0) ? again : whole.start;
			whole.parts.forEach((part) -> part.inFlight.comeAgainAfter(position.delivered()));
			this.inFlight.comeAgainAfter(again);
			joins(position);
		}

	}

}
