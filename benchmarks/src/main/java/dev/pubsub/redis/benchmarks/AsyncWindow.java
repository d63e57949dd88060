package dev.pubsub.redis.benchmarks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Publishes without waiting for each answer, but never more than some thousands ahead. As
 * answers come in order, it waits for one in some hundreds only.
 */
final class AsyncWindow {

	private static final int BATCH = 256;

	private static final int BATCHES_AHEAD = 16;

	private final Deque<Future<?>> ends = new ArrayDeque<>();

	private final Runnable flush;

	private int inBatch;

	private @Nullable Future<?> last;

	/**
	 * Create a window.
	 * @param flush sends what is buffered
	 */
	AsyncWindow(Runnable flush) {
		this.flush = flush;
	}

	void published(Future<?> reply) throws Exception {
		this.last = reply;
		if (++this.inBatch == BATCH) {
			this.flush.run();
			this.ends.add(reply);
			this.inBatch = 0;
			if (this.ends.size() > BATCHES_AHEAD) {
				this.ends.remove().get(10, TimeUnit.SECONDS);
			}
		}
	}

	void drain() throws Exception {
		this.flush.run();
		if (this.last != null) {
			this.last.get(10, TimeUnit.SECONDS);
		}
	}

}
