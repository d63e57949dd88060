package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the workers of several dispatchers together: those of the partitions of one
 * stream. A worker that leaves tells the others, each first in its turn, so that none
 * starves. As in {@link Slots} a worker whose handler is stuck counts as none.
 * Thread-safe, lock-free.
 */
final class SharedWorkers {

	private final int workers;

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicInteger stuck = new AtomicInteger();

	private final List<Share> shares = new CopyOnWriteArrayList<>();

	private final Set<Share> awaitingRedelivery = ConcurrentHashMap.newKeySet();

	private volatile boolean wanted;

	/**
	 * Create workers that are all free.
	 * @param workers how many there may be
	 */
	SharedWorkers(int workers) {
		this.workers = workers;
	}

	/**
	 * Return a share, to be joined when it can take workers.
	 */
	Share share() {
		return new Share();
	}

	private int busy() {
		return busy(this.active.get());
	}

	private int busy(int active) {
		return active - Math.min(this.stuck.get(), Slots.allStuck(this.workers) - this.workers);
	}

	/**
	 * The part of one dispatcher, which may be all or nothing.
	 */
	final class Share {

		private volatile Runnable workerLeft = () -> {
		};

		/**
		 * Share the workers from now on.
		 * @param workerLeft is told that a worker of another share left
		 */
		void join(Runnable workerLeft) {
			this.workerLeft = workerLeft;
			SharedWorkers.this.shares.add(this);
		}

		/**
		 * Return how many workers are free for this share.
		 */
		int free() {
			return limit() - busy();
		}

		/**
		 * Take a worker.
		 * @param starves whether this share has none
		 * @return whether there was one
		 */
		boolean take(boolean starves) {
			int before = SharedWorkers.this.active.get();
			while (limit() - busy(before) > 0) {
				if (SharedWorkers.this.active.compareAndSet(before, before + 1)) {
					return true;
				}
				before = SharedWorkers.this.active.get();
			}
			if (starves) {
				SharedWorkers.this.wanted = true;
			}
			return false;
		}

		void giveBack() {
			SharedWorkers.this.active.decrementAndGet();
		}

		/**
		 * Return whether another share has messages and no worker.
		 */
		boolean isWantedByOthers() {
			return SharedWorkers.this.wanted;
		}

		/**
		 * Return whether a worker has to leave.
		 */
		boolean isOver() {
			return free() < 0;
		}

		/**
		 * Say that messages wait to be redelivered: some workers are left to them.
		 */
		void redeliveryWaits() {
			SharedWorkers.this.awaitingRedelivery.add(this);
		}

		/**
		 * Say that no messages wait to be redelivered.
		 * @return whether some did, so that others may take more workers now
		 */
		boolean redeliveryDone() {
			Set<Share> awaiting = SharedWorkers.this.awaitingRedelivery;
			return !awaiting.isEmpty() && awaiting.remove(this);
		}

		void stuck() {
			SharedWorkers.this.stuck.incrementAndGet();
		}

		void goesOn() {
			SharedWorkers.this.stuck.decrementAndGet();
		}

		/**
		 * Tell the other shares that a worker is free.
		 */
		void tellOthers() {
			SharedWorkers.this.wanted = false;
			List<Share> all = new ArrayList<>(SharedWorkers.this.shares);
			int own = all.indexOf(this);
			for (int i = 1; i < all.size(); i++) {
				all.get((own + i) % all.size()).workerLeft.run();
			}
		}

		/**
		 * Share the workers no more.
		 */
		void leave() {
			SharedWorkers.this.shares.remove(this);
			redeliveryDone();
		}

		private int limit() {
			Set<Share> awaiting = SharedWorkers.this.awaitingRedelivery;
			boolean reserved = !awaiting.isEmpty() && !awaiting.contains(this);
			int all = SharedWorkers.this.workers;
			return reserved ? all - Math.max(1, all / 2) : all;
		}

	}

}
