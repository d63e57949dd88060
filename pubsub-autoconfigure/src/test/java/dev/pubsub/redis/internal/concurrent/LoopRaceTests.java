package dev.pubsub.redis.internal.concurrent;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Wake-ups from several threads, with pauses between them: in every interleaving a turn
 * sees what was done before a wake-up, and turns do not overlap.
 */
class LoopRaceTests {

	@Test
	void losesNoWakeUp() {
		Races.check(Turns.class, 3, 0, 2);
	}

	/**
	 * What may be done at once.
	 */
	public static class Turns {

		private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(0);

		private final AtomicInteger wanted = new AtomicInteger();

		private final AtomicInteger present = new AtomicInteger();

		private volatile int seen;

		private volatile boolean overlap;

		private final Loop loop = new Loop("Testing", Runnable::run, TIMER, this::turn);

		private void turn() {
			this.overlap |= this.present.incrementAndGet() > 1;
			this.seen = this.wanted.get();
			this.present.decrementAndGet();
		}

		@Operation
		public void wake() {
			this.wanted.incrementAndGet();
			this.loop.wake();
		}

		@Operation
		public void pause() {
			this.loop.pause();
		}

		@Operation
		public void resume() {
			this.loop.resume();
		}

		@Validate
		public void sawEverything() {
			this.loop.resume();
			if (this.seen != this.wanted.get() || this.overlap || !this.loop.isIdle()) {
				throw new IllegalStateException("Saw " + this.seen + " of " + this.wanted.get() + " wake-ups"
						+ (this.overlap ? ", turns overlap" : "") + (this.loop.isIdle() ? "" : ", does not end"));
			}
		}

	}

}
