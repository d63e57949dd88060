package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Counts the workers of one consumer, and those of them that have redelivered messages. A
 * worker whose handler is stuck counts as none: another one may take its place, for as
 * many as there are workers. Thread-safe, lock-free.
 */
final class Slots {

	private final int workers;

	private final SharedWorkers.@Nullable Share share;

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicInteger redelivered = new AtomicInteger();

	private final AtomicInteger stuck = new AtomicInteger();

	private final ConcurrentHashMap<Thread, Slot> slots = new ConcurrentHashMap<>();

	Slots(int workers) {
		this(workers, null);
	}

	/**
	 * Create slots.
	 * @param workers how many workers there may be
	 * @param share workers that others take, too, if there are others
	 */
	Slots(int workers, SharedWorkers.@Nullable Share share) {
		this.workers = workers;
		this.share = share;
	}

	/**
	 * Return how many handlers must be stuck for none to be left.
	 * @param workers how many workers there are
	 */
	static int allStuck(int workers) {
		return 2 * workers;
	}

	/**
	 * Return how many workers there may be.
	 */
	int workers() {
		return this.workers;
	}

	/**
	 * Return how many workers there are that may end.
	 */
	int busy() {
		return this.active.get() - replaced();
	}

	/**
	 * Return how many workers are free.
	 * @param reserved how many are to be left
	 */
	int free(int reserved) {
		int own = Math.max(0, this.workers - busy() - reserved);
		return (this.share != null) ? Math.max(0, Math.min(own, this.share.free())) : own;
	}

	/**
	 * Return how many threads there are.
	 */
	int threads() {
		return this.active.get();
	}

	/**
	 * Return how many redelivered messages there are that may end.
	 */
	int redelivered() {
		return this.redelivered.get();
	}

	private int replaced() {
		return Math.min(this.stuck.get(), allStuck(this.workers) - this.workers);
	}

	/**
	 * Redelivered messages come to the workers, or go.
	 */
	void addRedelivered(int messages) {
		this.redelivered.addAndGet(messages);
	}

	/**
	 * Take a slot for one more worker.
	 * @param most how many may be busy with it
	 * @return whether there was one
	 */
	boolean take(int most) {
		int before = this.active.get();
		while (before - replaced() < most) {
			if (this.active.compareAndSet(before, before + 1)) {
				return takeShared(before == 0);
			}
			before = this.active.get();
		}
		return false;
	}

	private boolean takeShared(boolean first) {
		if (this.share == null || this.share.take(first)) {
			return true;
		}
		this.active.decrementAndGet();
		return false;
	}

	/**
	 * Give back the slot of a worker that did not start.
	 */
	void giveBack() {
		this.active.decrementAndGet();
		if (this.share != null) {
			this.share.giveBack();
		}
	}

	/**
	 * A worker starts, on the thread that calls.
	 */
	Slot enter() {
		Slot slot = new Slot();
		this.slots.put(Thread.currentThread(), slot);
		return slot;
	}

	/**
	 * The worker leaves, on the thread that calls.
	 */
	void leave() {
		this.slots.remove(Thread.currentThread());
		giveBack();
	}

	/**
	 * The handler that a worker calls ignores its interrupt.
	 * @return whether a worker is free now that was not
	 */
	boolean stuck(Thread thread) {
		Slot slot = this.slots.get(thread);
		return slot != null && slot.stuck();
	}

	/**
	 * The handler that a worker calls is not stuck any more.
	 */
	void goesOn(Thread thread) {
		Slot slot = this.slots.get(thread);
		if (slot != null && slot.state.compareAndSet(Slot.STUCK, Slot.BUSY)) {
			notStuck();
		}
	}

	private void notStuck() {
		this.stuck.decrementAndGet();
		if (this.share != null) {
			this.share.goesOn();
		}
	}

	/**
	 * The place of one worker.
	 */
	final class Slot {

		private final AtomicInteger state = new AtomicInteger(Slot.IDLE);

		private static final int IDLE = 0;

		private static final int BUSY = 1;

		private static final int BUSY_AGAIN = 2;

		private static final int STUCK = 3;

		private long now;

		/**
		 * Return the last time that the worker looked at the clock: mostly the end of a
		 * message is the start of the next. For the worker only.
		 */
		long now() {
			return this.now;
		}

		void setNow(long now) {
			this.now = now;
		}

		/**
		 * The worker begins with something.
		 * @param again whether that was delivered before
		 */
		void begin(boolean again) {
			this.state.lazySet(again ? BUSY_AGAIN : BUSY);
		}

		/**
		 * The worker is done with it.
		 */
		void end() {
			int before = this.state.getAndSet(IDLE);
			if (before == BUSY_AGAIN) {
				Slots.this.redelivered.decrementAndGet();
			}
			else if (before == STUCK) {
				notStuck();
			}
		}

		private boolean stuck() {
			int before = this.state.get();
			while (before == BUSY || before == BUSY_AGAIN) {
				if (this.state.compareAndSet(before, STUCK)) {
					Slots.this.stuck.incrementAndGet();
					if (Slots.this.share != null) {
						Slots.this.share.stuck();
					}
					if (before == BUSY_AGAIN) {
						Slots.this.redelivered.decrementAndGet();
					}
					return true;
				}
				before = this.state.get();
			}
			return false;
		}

	}

}
