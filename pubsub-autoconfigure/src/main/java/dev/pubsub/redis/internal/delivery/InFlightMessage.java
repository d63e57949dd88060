package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
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

	private static final AtomicReferenceFieldUpdater<InFlightMessage, HandlerRun> RUN = AtomicReferenceFieldUpdater
		.newUpdater(InFlightMessage.class, HandlerRun.class, "run");

	private static final AtomicReferenceFieldUpdater<InFlightMessage, EntryFields> FIELDS = AtomicReferenceFieldUpdater
		.newUpdater(InFlightMessage.class, EntryFields.class, "fields");

	private static final AtomicLongFieldUpdater<InFlightMessage> LEASE_UNTIL = AtomicLongFieldUpdater
		.newUpdater(InFlightMessage.class, "leaseUntil");

	private static final AtomicLongFieldUpdater<InFlightMessage> HANDLED_NANOS = AtomicLongFieldUpdater
		.newUpdater(InFlightMessage.class, "handledNanos");

	private final EntryId id;

	private final int attempt;

	private final long idleMillis;

	private volatile Stage stage;

	private volatile @Nullable EntryFields fields;

	private volatile long leaseUntil;

	private volatile @Nullable HandlerRun run;

	private volatile @Nullable Decision decision;

	private volatile boolean leaseLost;

	private volatile boolean deleted;

	private volatile boolean deliveredAgain;

	private volatile boolean givenUp;

	private volatile long handledNanos;

	/**
	 * Create a message that is queued. Its first state needs no fence of its own: other
	 * threads find the message in the table, or in a queue.
	 */
	@SuppressWarnings("NullAway.Init")
	InFlightMessage(EntryId id, EntryFields fields, int attempt, long idleMillis, long leaseUntil) {
		this.id = id;
		this.attempt = attempt;
		this.idleMillis = idleMillis;
		STAGE.lazySet(this, Stage.QUEUED);
		FIELDS.lazySet(this, fields);
		LEASE_UNTIL.lazySet(this, leaseUntil);
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
		FIELDS.lazySet(this, null);
	}

	Stage stage() {
		return this.stage;
	}

	/**
	 * Change the stage. For everybody but {@link InFlightMessages#move}, which counts,
	 * only between stages of which a worker has the message.
	 * @return whether it was in the first stage
	 */
	boolean advance(Stage from, Stage to) {
		if (!from.mayBecome(to)) {
			throw new IllegalArgumentException("A message that is " + from + " cannot become " + to);
		}
		return STAGE.compareAndSet(this, from, to);
	}

	/**
	 * It is in the table no more.
	 * @return the stage before
	 */
	Stage end() {
		return STAGE.getAndSet(this, Stage.GONE);
	}

	boolean hasLease(long now) {
		return this.leaseUntil - now > 0;
	}

	void setLeaseUntil(long leaseUntil) {
		this.leaseUntil = leaseUntil;
	}

	/**
	 * Redis delivered it once more, after it lost the group: what it was told of the
	 * delivery before may not count for this one.
	 * @return whether the message is in the table still
	 */
	boolean deliverAgain(long leaseUntil) {
		this.leaseUntil = leaseUntil;
		this.deliveredAgain = true;
		return this.stage != Stage.GONE;
	}

	/**
	 * What Redis is told from now on counts for all deliveries up to now.
	 */
	void coverDeliveries() {
		if (this.deliveredAgain) {
			this.deliveredAgain = false;
		}
	}

	boolean isDeliveredAgain() {
		return this.deliveredAgain;
	}

	/**
	 * Return the call of the handler that was given the message, if it was.
	 */
	@Nullable HandlerRun run() {
		return this.run;
	}

	/**
	 * Set the call of the handler, before the message goes to the stage that tells others
	 * of it.
	 */
	void setRun(HandlerRun run) {
		RUN.lazySet(this, run);
	}

	/**
	 * The handler returned.
	 * @return the stage at the end of the run, in which the message was with the handler;
	 * {@link Stage#GONE} where it was acknowledged by the handler, and that is confirmed
	 */
	Stage finish() {
		Stage before = this.stage;
		while (before != Stage.GONE && !advance(before, Stage.SETTLING)) {
			before = this.stage;
		}
		return before;
	}

	/**
	 * Somebody else has it now: what comes of this attempt counts no more.
	 */
	void loseLease(long now) {
		this.leaseUntil = now;
		this.leaseLost = true;
	}

	boolean isLeaseLost() {
		return this.leaseLost;
	}

	void setHandled(long nanos) {
		HANDLED_NANOS.lazySet(this, nanos);
	}

	/**
	 * Return how long the handler ran, once: whoever asks next is told zero.
	 */
	Duration takeHandled() {
		long nanos = this.handledNanos;
		if (nanos == 0) {
			return Duration.ZERO;
		}
		this.handledNanos = 0;
		return Duration.ofNanos(nanos);
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
	 * Return whether it was given up while its handler ran on: nothing is left to do when
	 * that returns.
	 */
	boolean isGivenUp() {
		return this.givenUp;
	}

	void markGivenUp() {
		this.givenUp = true;
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

}
