package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * A message that this consumer answers for, from its delivery to its settlement.
 * Thread-safe: the stage changes by compare-and-set, and the thread that changes it does
 * what follows from it.
 */
final class InFlightMessage {

	private static final AtomicReferenceFieldUpdater<InFlightMessage, Stage> STAGE = AtomicReferenceFieldUpdater
		.newUpdater(InFlightMessage.class, Stage.class, "stage");

	private final EntryId id;

	private final int attempt;

	private final long idleMillis;

	private volatile Stage stage = Stage.QUEUED;

	private volatile @Nullable EntryFields fields;

	private volatile long leaseUntil;

	private volatile @Nullable HandlerRun run;

	private volatile @Nullable Decision decision;

	private volatile boolean abandoned;

	private volatile boolean deleted;

	private boolean held;

	private volatile Duration handled = Duration.ZERO;

	InFlightMessage(EntryId id, EntryFields fields, int attempt, long idleMillis, long leaseUntil) {
		this.id = id;
		this.fields = fields;
		this.attempt = attempt;
		this.idleMillis = idleMillis;
		this.leaseUntil = leaseUntil;
	}

	EntryId id() {
		return this.id;
	}

	int attempt() {
		return this.attempt;
	}

	Duration idle() {
		return Duration.ofMillis(this.idleMillis);
	}

	/**
	 * Return the entry; it is forgotten when the message backs off for long.
	 */
	EntryFields fields() {
		EntryFields present = this.fields;
		return (present != null) ? present : EntryFields.of();
	}

	void forgetFields() {
		this.fields = null;
	}

	Stage stage() {
		return this.stage;
	}

	boolean advance(Stage from, Stage to) {
		return STAGE.compareAndSet(this, from, to);
	}

	void setStage(Stage stage) {
		this.stage = stage;
	}

	boolean hasLease(long now) {
		return this.leaseUntil - now > 0;
	}

	void setLeaseUntil(long leaseUntil) {
		this.leaseUntil = leaseUntil;
	}

	/**
	 * Return the call of the handler that was given the message, if it was.
	 */
	@Nullable HandlerRun run() {
		return this.run;
	}

	void setRun(HandlerRun run) {
		this.run = run;
	}

	/**
	 * The handler returned.
	 * @return the stage at the end of the run: {@link Stage#RUNNING},
	 * {@link Stage#TIMED_OUT} or {@link Stage#LEASE_LOST}
	 */
	Stage finish() {
		return STAGE.getAndSet(this, Stage.SETTLING);
	}

	void setHandled(Duration duration) {
		this.handled = duration;
	}

	/**
	 * Return how long the handler ran, once: whoever asks next is told zero.
	 */
	Duration takeHandled() {
		Duration duration = this.handled;
		this.handled = Duration.ZERO;
		return duration;
	}

	/**
	 * Renew its lease no more: its handler is stuck.
	 * @return whether that is new
	 */
	synchronized boolean abandon() {
		boolean first = !this.abandoned;
		this.abandoned = true;
		return first;
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Return whether its entry was deleted: it cannot come again.
	 */
	boolean isDeleted() {
		return this.deleted;
	}

	void markDeleted() {
		this.deleted = true;
	}

	/**
	 * Note whether it waits here for long.
	 * @return whether that is new
	 */
	synchronized boolean setHeld(boolean held) {
		boolean changed = this.held != held;
		this.held = held;
		return changed;
	}

	/**
	 * Return what the handler itself decided, if it did.
	 */
	@Nullable Decision decision() {
		return this.decision;
	}

	/**
	 * Return whether the handler acknowledged it: nothing that happens to its lease, or
	 * to the handler, matters any more.
	 */
	boolean isAcknowledged() {
		return Decision.ACKNOWLEDGE.equals(this.decision);
	}

	/**
	 * Keep what the handler decided, unless it did before.
	 */
	synchronized boolean decide(Decision decided) {
		if (this.decision != null) {
			return false;
		}
		this.decision = decided;
		return true;
	}

	@Override
	public String toString() {
		return this.id + " (attempt " + this.attempt + ", " + this.stage + ")";
	}

	/**
	 * Where a message is on its way.
	 */
	enum Stage {

		/**
		 * Waiting for a worker.
		 */
		QUEUED,

		/**
		 * With its handler.
		 */
		RUNNING,

		/**
		 * With its handler, which was interrupted because its time is up.
		 */
		TIMED_OUT,

		/**
		 * With its handler, but the lease is lost. The handler was interrupted, unless it
		 * works on others as well.
		 */
		LEASE_LOST,

		/**
		 * Its handler returned without deciding; somebody will.
		 */
		UNDECIDED,

		/**
		 * Its fate is decided; Redis is not told yet.
		 */
		SETTLING,

		/**
		 * Waiting here for its next attempt.
		 */
		WAITING,

		/**
		 * Redis is being told that it waits: to renew its lease now would undo that.
		 */
		HANDING_BACK;

		/**
		 * Return whether an attempt is under way, or will be.
		 */
		boolean isBeforeItsEnd() {
			return this == QUEUED || this == RUNNING || isInterrupted();
		}

		boolean isInterrupted() {
			return this == TIMED_OUT || this == LEASE_LOST;
		}

	}

	/**
	 * What a handler decided about its message.
	 *
	 * @param kind what to do
	 * @param delay time until the next attempt, where the handler gave one
	 * @param reason why it is rejected
	 */
	record Decision(Kind kind, @Nullable Duration delay, @Nullable String reason) {

		static final Decision ACKNOWLEDGE = new Decision(Kind.ACKNOWLEDGE, null, null);

		enum Kind {

			ACKNOWLEDGE, RETRY, REJECT

		}

	}

}
