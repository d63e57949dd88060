package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a worker. Redelivered ones go first, and take turns with fresh
 * ones while both wait. Thread-safe, lock-free.
 */
final class WaitingMessages {

	private final int batchSize;

	private final Queue<InFlightMessage> redelivered = new ConcurrentLinkedQueue<>();

	private final Queue<InFlightMessage> fresh = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	private volatile boolean freshIsNext;

	/**
	 * Create an empty queue.
	 * @param batchSize most messages to take at once; redelivered ones come one by one
	 */
	WaitingMessages(int batchSize) {
		this.batchSize = batchSize;
	}

	/**
	 * Add new messages. They are counted when all are there: until then there seem to be
	 * fewer.
	 */
	void add(List<InFlightMessage> messages) {
		int added = 0;
		try {
			for (InFlightMessage message : messages) {
				this.fresh.add(message);
				added++;
			}
		}
		finally {
			this.size.addAndGet(added);
		}
	}

	void addRedelivered(List<InFlightMessage> messages) {
		for (InFlightMessage message : messages) {
			this.redelivered.add(message);
			this.size.incrementAndGet();
		}
	}

	boolean contains(InFlightMessage message) {
		return this.redelivered.contains(message) || this.fresh.contains(message);
	}

	int size() {
		return this.size.get();
	}

	boolean isAnyRedelivered() {
		return !this.redelivered.isEmpty();
	}

	boolean isAnyFresh() {
		return !this.fresh.isEmpty();
	}

	/**
	 * Take what is to be handled at once.
	 * @return a redelivered message or fresh ones, or {@code null} when nothing waits
	 */
	@Nullable Unit take() {
		InFlightMessage first = this.freshIsNext ? this.fresh.poll() : null;
		boolean redelivery = first == null;
		if (first == null) {
			first = this.redelivered.poll();
		}
		if (first == null) {
			redelivery = false;
			first = this.fresh.poll();
		}
		if (this.freshIsNext != redelivery) {
			this.freshIsNext = redelivery;
		}
		if (first == null) {
			return null;
		}
		List<InFlightMessage> messages = (redelivery || this.batchSize == 1) ? List.of(first) : gather(first);
		this.size.addAndGet(-messages.size());
		return new Unit(messages, redelivery);
	}

	/**
	 * Take everything.
	 */
	List<InFlightMessage> drain() {
		List<InFlightMessage> all = new ArrayList<>();
		for (Queue<InFlightMessage> queue : List.of(this.redelivered, this.fresh)) {
			for (InFlightMessage message = queue.poll(); message != null; message = queue.poll()) {
				this.size.decrementAndGet();
				all.add(message);
			}
		}
		return all;
	}

	private List<InFlightMessage> gather(InFlightMessage first) {
		List<InFlightMessage> batch = new ArrayList<>();
		InFlightMessage next = first;
		while (next != null) {
			batch.add(next);
			next = (batch.size() < this.batchSize) ? this.fresh.poll() : null;
		}
		return batch;
	}

	/**
	 * What is handled at once.
	 *
	 * @param messages one message, unless the subscription wants batches
	 * @param redelivered whether it was delivered before
	 */
	record Unit(List<InFlightMessage> messages, boolean redelivered) {

	}

}
