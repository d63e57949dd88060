package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Workers that come and go while some count as stuck: in every interleaving, no more work
 * than may, and nothing is counted in the end.
 */
class SlotsRaceTests {

	@Test
	void countsEachWorkerOnce() {
		Races.check(Workers.class, 3, 0, 2);
	}

	/**
	 * What may be done at once.
	 */
	public static class Workers {

		private static final int WORKERS = 1;

		private final Slots slots = new Slots(WORKERS);

		private final AtomicInteger working = new AtomicInteger();

		private final AtomicInteger stuck = new AtomicInteger();

		private volatile @Nullable Thread worker;

		@Operation
		public void work() {
			if (!this.slots.take(WORKERS)) {
				return;
			}
			Slots.Slot slot = this.slots.enter();
			this.slots.addRedelivered(1);
			slot.begin(true);
			this.worker = Thread.currentThread();
			if (this.working.incrementAndGet() > Slots.allStuck(WORKERS)) {
				throw new IllegalStateException("More work than may");
			}
			this.working.decrementAndGet();
			slot.end();
			this.slots.leave();
		}

		@Operation
		public void giveBack() {
			if (this.slots.take(WORKERS)) {
				this.slots.giveBack();
			}
		}

		@Operation
		public void stuck() {
			Thread thread = this.worker;
			if (thread != null && this.slots.stuck(thread)) {
				this.stuck.incrementAndGet();
			}
		}

		@Validate
		public void nothingIsCountedInTheEnd() {
			if (this.slots.threads() != 0 || this.slots.busy() != 0 || this.slots.redelivered() != 0) {
				throw new IllegalStateException(this.slots.threads() + " threads, " + this.slots.busy() + " busy, "
						+ this.slots.redelivered() + " redelivered");
			}
		}

	}

}
