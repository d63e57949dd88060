package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs entries that were trimmed or deleted before they were handled: the first at once,
 * and those that follow within a while in one line. A stream that was trimmed too far
 * loses them by the thousand. Thread-safe: {@code lock} guards what is counted.
 */
final class LostPayloads {

	private static final Logger logger = LoggerFactory.getLogger(LostPayloads.class);

	private static final Duration WHILE = Duration.ofSeconds(10);

	private final String stream;

	private final BiConsumer<Duration, Runnable> timer;

	private final ReentrantLock lock = new ReentrantLock();

	private boolean counting;

	private long count;

	private @Nullable EntryId first;

	private @Nullable EntryId last;

	/**
	 * Create a log.
	 * @param stream name of the stream
	 * @param timer runs something quick later
	 */
	LostPayloads(String stream, BiConsumer<Duration, Runnable> timer) {
		this.stream = stream;
		this.timer = timer;
	}

	void add(EntryId id) {
		boolean begin;
		this.lock.lock();
		try {
			begin = !this.counting;
			this.counting = true;
			if (!begin) {
				this.count++;
				this.first = (this.first == null || id.compareTo(this.first) < 0) ? id : this.first;
				this.last = (this.last == null || id.compareTo(this.last) > 0) ? id : this.last;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (begin) {
			logger.warn("Entry {} of {} was trimmed or deleted before it was handled", id, this.stream);
			this.timer.accept(WHILE, this::sum);
		}
	}

	private void sum() {
		boolean more;
		this.lock.lock();
		try {
			more = this.count > 0;
			if (more) {
				logger.warn("{} more entries of {} were trimmed or deleted before they were handled, from {} to {}",
						this.count, this.stream, this.first, this.last);
			}
			this.counting = more;
			this.count = 0;
			this.first = null;
			this.last = null;
		}
		finally {
			this.lock.unlock();
		}
		if (more) {
			this.timer.accept(WHILE, this::sum);
		}
	}

}
