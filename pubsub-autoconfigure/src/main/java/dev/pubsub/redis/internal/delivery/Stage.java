package dev.pubsub.redis.internal.delivery;

/**
 * Where a message is on its way, from its delivery to its settlement.
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
	 * With its handler, which was interrupted because the consumer stops.
	 */
	STOPPED,

	/**
	 * With its handler, but the lease is lost. The handler was interrupted, unless it
	 * works on others as well.
	 */
	LEASE_LOST,

	/**
	 * With its handler, which ignores its interrupt: the lease is not renewed any more,
	 * and it is not started here again before the handler returns. A handler that moves
	 * its deadline is stuck no more.
	 */
	STUCK,

	/**
	 * Its handler returned without deciding; another thread will.
	 */
	UNDECIDED,

	/**
	 * Its fate is decided; Redis is not told yet.
	 */
	SETTLING,

	/**
	 * Waiting here for its next attempt, under renewal.
	 */
	WAITING,

	/**
	 * Redis is being told that it waits: to renew its lease now would undo that.
	 */
	HANDING_BACK,

	/**
	 * Waiting in Redis for its next attempt: any consumer may take it when its time has
	 * come.
	 */
	IN_REDIS,

	/**
	 * Its time has come, it is to be claimed.
	 */
	DUE,

	/**
	 * Left to its lease: Redis has it for this consumer until somebody takes it. Until
	 * then it is not settled, and must not be mistaken for one that never arrived.
	 */
	LEFT,

	/**
	 * Not in the table any more.
	 */
	GONE;

	/**
	 * Return whether a message may go from this stage to another.
	 */
	boolean mayBecome(Stage next) {
		return switch (this) {
			case QUEUED -> next == RUNNING || next == SETTLING || next == LEFT;
			case RUNNING ->
				next == TIMED_OUT || next == STOPPED || next == LEASE_LOST || next == SETTLING || next == LEFT;
			case TIMED_OUT, STOPPED -> next == STUCK || next == LEASE_LOST || next == SETTLING || next == LEFT;
			case LEASE_LOST -> next == STUCK || next == SETTLING || next == LEFT;
			case STUCK -> next == TIMED_OUT || next == LEASE_LOST || next == SETTLING || next == LEFT;
			case UNDECIDED -> next == SETTLING || next == LEFT;
			case SETTLING -> next == UNDECIDED || next == WAITING || next == HANDING_BACK || next == LEFT;
			case WAITING -> next == HANDING_BACK || next == LEFT;
			case HANDING_BACK -> next == WAITING || next == IN_REDIS || next == SETTLING || next == LEFT;
			case IN_REDIS -> next == DUE || next == LEFT;
			case DUE -> next == LEFT;
			case LEFT, GONE -> false;
		};
	}

	/**
	 * Return whether an attempt is under way, or will be.
	 */
	boolean isBeforeItsEnd() {
		return this == QUEUED || isWithItsHandler();
	}

	boolean isWithItsHandler() {
		return this == RUNNING || isInterrupted() || this == STUCK;
	}

	boolean isInterrupted() {
		return this == TIMED_OUT || this == LEASE_LOST || this == STOPPED;
	}

	/**
	 * Return whether a message may stay for long, without a worker or a reply that ends
	 * it: of these there is a limit.
	 */
	boolean isResting() {
		return this == WAITING || this == IN_REDIS || this == DUE || this == LEFT;
	}

	/**
	 * Return whether this consumer has a message only in mind: when it is delivered
	 * again, that is another one.
	 */
	boolean isWithRedis() {
		return this == IN_REDIS || this == DUE || this == LEFT;
	}

}
