package dev.pubsub.redis.internal.delivery;

import dev.pubsub.redis.internal.redis.EntryId;

/**
 * One message that a handler of a simulation has: from its start until the handler
 * returns or, where that is left to another thread, until it is decided.
 */
final class SimulatedRun {

	final Call call;

	final EntryId id;

	final int attempt;

	/** Left to its lease: the node said so. */
	boolean abandoned;

	/** Its handler returned, and another thread decides. */
	boolean undecided;

	/** Its handler, or another thread, said what becomes of it. */
	boolean decided;

	SimulatedRun(Call call, EntryId id, int attempt) {
		this.call = call;
		this.id = id;
		this.attempt = attempt;
	}

	long token() {
		return this.call.token;
	}

	SimulatedNode node() {
		return this.call.node;
	}

	String consumer() {
		return this.call.consumer;
	}

	/**
	 * Return whether its consumer has to keep its lease.
	 */
	boolean isKept(long now) {
		return !this.abandoned && (this.undecided || !this.call.isOverdue(now));
	}

	/**
	 * One call of a handler, with one message or several.
	 */
	static final class Call {

		final SimulatedNode node;

		final String consumer;

		final long since;

		/** Token of its owner, 0 where there is no order. */
		final long token;

		private long deadline;

		/** Another thread takes the place of its own. */
		boolean stuck;

		Call(SimulatedNode node, String consumer, long token, long since, long timeout) {
			this.node = node;
			this.consumer = consumer;
			this.token = token;
			this.since = since;
			this.deadline = since + timeout;
		}

		void extend(long until) {
			this.deadline = until;
		}

		boolean isOverdue(long now) {
			return now - this.deadline > 0;
		}

	}

}
