package dev.pubsub.redis.internal.delivery;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

import dev.pubsub.redis.EntryFields;

/**
 * The table of one consumer: every message that it answers for, each in exactly one
 * {@link Stage}. Thread-safe.
 */
final class InFlightMessages {

	/**
	 * How many messages may wait for their next attempt or be left to their leases: from
	 * there on nothing is read.
	 */
	static final int MOST_RESTING = 10_000;

	private final ConcurrentHashMap<EntryId, InFlightMessage> messages = new ConcurrentHashMap<>();

	/** Handlers that are stuck with messages in whose place others came. */
	private final ConcurrentHashMap<EntryId, HandlerRun> stuck = new ConcurrentHashMap<>();

	private final AtomicInteger resting = new AtomicInteger();

	private final AtomicInteger left = new AtomicInteger();

	private final AtomicInteger undecided = new AtomicInteger();

	private final List<List<EntryId>> asked = new CopyOnWriteArrayList<>();

	private final Consumer<EntryId> onEnd;

	private volatile EntryId highest = EntryId.ZERO;

	private final AtomicReference<@Nullable Missed> missed = new AtomicReference<>();

	InFlightMessages() {
		this((id) -> {
		});
	}

	/**
	 * Create an empty table.
	 * @param onEnd is given the ids of messages that are settled and that no handler has
	 */
	InFlightMessages(Consumer<EntryId> onEnd) {
		this.onEnd = onEnd;
	}

	/**
	 * Add a message, unless it is here already. It takes the place of one that waits in
	 * Redis or was left.
	 * @return the one that is here already, or {@code null} when it was added
	 */
	@Nullable InFlightMessage add(InFlightMessage message) {
		InFlightMessage held = this.messages.putIfAbsent(message.id(), message);
		while (held != null && held.stage().isWithRedis()) {
			if (this.messages.replace(message.id(), held, message)) {
				ended(held);
				held = null;
			}
			else {
				held = this.messages.putIfAbsent(message.id(), message);
			}
		}
		return held;
	}

	/**
	 * Add a message that Redis delivered as a new one. If it is here, as it was delivered
	 * before Redis lost the group, that one has the lease.
	 * @return whether it was added
	 */
	boolean deliver(InFlightMessage message, long leaseUntil) {
		InFlightMessage held = add(message);
		while (held != null && !held.deliverAgain(leaseUntil)) {
			held = add(message);
		}
		return held == null;
	}

	/**
	 * Entries were read, up to the given one: all of them are in the table.
	 */
	void read(EntryId last) {
		if (last.compareTo(this.highest) > 0) {
			this.highest = last;
		}
	}

	/**
	 * A reply was lost: it may have brought something that is not in the table, and that
	 * is behind the given id.
	 */
	void missed(EntryId after) {
		this.missed.updateAndGet(
				(before) -> new Missed((before != null && before.after.compareTo(after) < 0) ? before.after : after));
	}

	/**
	 * Return what lost replies may have brought.
	 */
	@Nullable Missed missed() {
		return this.missed.get();
	}

	/**
	 * What lost replies brought is in the table, and no other was lost since.
	 */
	void found(@Nullable Missed before) {
		this.missed.compareAndSet(before, null);
	}

	/**
	 * Put a message in the place of one whose handler is stuck. It ends with that
	 * handler, if it is settled before.
	 */
	void replace(InFlightMessage message) {
		InFlightMessage before = this.messages.get(message.id());
		HandlerRun run = (before != null) ? before.run() : null;
		if (run != null) {
			this.stuck.put(message.id(), run);
		}
		before = this.messages.put(message.id(), message);
		if (before != null) {
			ended(before);
		}
	}

	/**
	 * A message was given up, and is settled: forget it, or do so when its handler
	 * returns.
	 */
	void givenUp(EntryId id) {
		InFlightMessage message = this.messages.get(id);
		if (message != null && message.stage() != Stage.QUEUED && message.stage() != Stage.RUNNING) {
			message.markGivenUp();
			if (message.stage().isWithRedis()) {
				remove(message);
			}
		}
	}

	/**
	 * Have a message go from one stage to another.
	 * @return whether it was in the first one, and is in the table
	 */
	boolean move(InFlightMessage message, Stage from, Stage to) {
		if (!message.advance(from, to)) {
			return false;
		}
		count(from, -1);
		count(to, 1);
		return true;
	}

	/**
	 * Remove a message that is settled, or another consumer's, unless another took its
	 * place.
	 */
	boolean remove(InFlightMessage message) {
		boolean removed = this.messages.remove(message.id(), message);
		if (removed && !ended(message).isWithItsHandler() && !isWithStuckHandler(message.id())) {
			this.onEnd.accept(message.id());
		}
		return removed;
	}

	private boolean isWithStuckHandler(EntryId id) {
		HandlerRun run = this.stuck.isEmpty() ? null : this.stuck.remove(id);
		return run != null && !run.isEnded();
	}

	/**
	 * Return the last stage of a message.
	 */
	private Stage ended(InFlightMessage message) {
		Stage before = message.end();
		count(before, -1);
		return before;
	}

	private void count(Stage stage, int change) {
		if (stage == Stage.UNDECIDED) {
			this.undecided.addAndGet(change);
		}
		if (stage.isResting()) {
			this.resting.addAndGet(change);
			if (stage == Stage.LEFT) {
				this.left.addAndGet(change);
			}
		}
	}

	/**
	 * Leave a message to its lease, as it was handed back or cannot be settled here.
	 */
	void leave(InFlightMessage message) {
		Stage before = message.stage();
		while (before.mayBecome(Stage.LEFT) && !move(message, before, Stage.LEFT)) {
			before = message.stage();
		}
		message.forgetFields();
		if (message.isGivenUp() && message.stage() == Stage.LEFT) {
			remove(message);
		}
	}

	/**
	 * Leave a delivery to its lease that cannot be taken.
	 */
	void leave(EntryId id, int deliveries) {
		InFlightMessage message = new InFlightMessage(id, EntryFields.of(), deliveries, 0, 0);
		if (add(message) == null) {
			leave(message);
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
			else {
				endIfGone(message);
			}
		}
	}

	/**
	 * Leave a message to its lease, as it cannot be settled here: that broke off.
	 */
	void breakOff(InFlightMessage message) {
		leave(message);
		endIfGone(message);
	}

	/**
	 * What was settled while its handler had it ends with the handler.
	 */
	private void endIfGone(InFlightMessage message) {
		if (message.stage() == Stage.GONE) {
			this.onEnd.accept(message.id());
		}
	}

	/**
	 * Leave all to their leases that no handler has: this consumer stops.
	 */
	void leaveAll() {
		this.messages.values().stream().filter((message) -> !message.stage().isWithItsHandler()).forEach(this::leave);
	}

	/**
	 * Return whether a delivery arrived here. One more delivery than when a message was
	 * left to Redis is one that did not arrive.
	 */
	boolean knows(EntryId id, int deliveries) {
		InFlightMessage message = this.messages.get(id);
		return message != null && (!message.stage().isWithRedis() || deliveries <= message.attempt());
	}

	/**
	 * Return how many messages wait for their next attempt, or are left to their leases.
	 */
	int resting() {
		return this.resting.get();
	}

	/**
	 * Return how many messages wait for a decision that their handlers left to others.
	 */
	int undecided() {
		return this.undecided.get();
	}

	boolean isAnyLeft() {
		return this.left.get() > 0;
	}

	/**
	 * Ask Redis for deliveries: until {@link #asked} they are on their way, and none of
	 * those that did not arrive.
	 * @param ids their ids, which do not change
	 */
	void ask(List<EntryId> ids) {
		this.asked.add(ids);
	}

	/**
	 * Redis answered, and what it delivered is in flight; or there was no answer.
	 * @param ids as they were asked for
	 */
	void asked(List<EntryId> ids) {
		this.asked.remove(ids);
	}

	boolean isAskedFor(EntryId id) {
		return this.asked.stream().anyMatch((ids) -> ids.contains(id));
	}

	/**
	 * Return what was left to its lease so far.
	 */
	List<InFlightMessage> left() {
		return this.messages.values().stream().filter((message) -> message.stage() == Stage.LEFT).toList();
	}

	@Nullable InFlightMessage get(EntryId id) {
		return this.messages.get(id);
	}

	int size() {
		return this.messages.size();
	}

	/**
	 * Return all messages, as they come and go.
	 */
	Collection<InFlightMessage> all() {
		return this.messages.values();
	}

	/**
	 * Return an id up to which everything that this consumer was given is settled, as far
	 * as it is given one.
	 * @param most the highest to return
	 */
	EntryId settledUpTo(EntryId most) {
		EntryId settled = most;
		for (EntryId id : this.messages.keySet()) {
			settled = (id.compareTo(settled) <= 0) ? id.previous() : settled;
		}
		return settled;
	}

	/**
	 * Everything behind an id comes again, to this consumer or another one.
	 */
	void comeAgainAfter(EntryId id) {
		if (id.compareTo(this.highest) < 0) {
			this.highest = id;
		}
	}

	/**
	 * Return the highest id that this consumer read from the group as it is now, zero
	 * before the first.
	 */
	EntryId highest() {
		return this.highest;
	}

	/**
	 * What lost replies may have brought. Each is another one, whatever it says.
	 */
	static final class Missed {

		private final EntryId after;

		private Missed(EntryId after) {
			this.after = after;
		}

		EntryId after() {
			return this.after;
		}

	}

}
