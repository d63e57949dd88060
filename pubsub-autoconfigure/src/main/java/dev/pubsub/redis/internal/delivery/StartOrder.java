package dev.pubsub.redis.internal.delivery;

import java.util.List;

import dev.pubsub.redis.internal.redis.EntryId;

/**
 * Says which of the messages that a consumer has may start. Thread-safe.
 */
interface StartOrder {

	/**
	 * Messages start as they come.
	 */
	StartOrder ANY = new StartOrder() {

		@Override
		public List<InFlightMessage> arrived(List<InFlightMessage> messages) {
			return messages;
		}

		@Override
		public void ended(EntryId id) {
			// No message waits for another one.
		}

		@Override
		public boolean isNext(EntryId id) {
			return true;
		}

		@Override
		public int parked() {
			return 0;
		}

		@Override
		public List<InFlightMessage> drain() {
			return List.of();
		}

	};

	/**
	 * Messages arrived, queued: new ones, or some that are delivered again.
	 * @return those that may start now; the others start when it is their turn
	 */
	List<InFlightMessage> arrived(List<InFlightMessage> messages);

	/**
	 * A message ended: no handler has it, and it will not be attempted again.
	 */
	void ended(EntryId id);

	/**
	 * Return whether a message need not wait for another one.
	 */
	boolean isNext(EntryId id);

	/**
	 * Return how many messages arrived and wait for others.
	 */
	int parked();

	/**
	 * Take out what waits for others: it will not start here.
	 */
	List<InFlightMessage> drain();

}
