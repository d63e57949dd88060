package dev.pubsub.redis.internal.delivery;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.pubsub.redis.internal.redis.LargestEntry;
import dev.pubsub.redis.internal.redis.ReplyLimit;

/**
 * How much a consumer asks Redis for at once, and holds. Learns how large the entries of
 * its stream are; they count by the largest of late. After a failure it asks for one
 * entry, and then for more and more: the reply may have been the reason. Thread-safe; a
 * measurement that is lost between two threads does no harm.
 */
final class ReadBudget {

	private static final long LEAST_BYTES = 64 * 1024;

	private static final long SMALL = 16 * 1024;

	private static final long UNKNOWN = 1;

	private final int readCount;

	private final long readBytes;

	private final long largestEntry;

	private final HeapShare share;

	private final AtomicBoolean large = new AtomicBoolean();

	private volatile int count;

	private volatile long bytes;

	private volatile long size = UNKNOWN;

	private volatile boolean failed;

	ReadBudget(DeliverySettings.Reading settings, HeapShare share) {
		this(settings.count(), settings.bytes(), LargestEntry.BYTES, share);
	}

	/**
	 * Create a budget.
	 * @param readCount most entries of a read
	 * @param readBytes most bytes of a read
	 * @param largestEntry most bytes of one entry, and of all that are handled at once
	 * @param share tells how many consumers share these
	 */
	ReadBudget(int readCount, long readBytes, long largestEntry, HeapShare share) {
		this.readCount = readCount;
		this.readBytes = readBytes;
		this.largestEntry = largestEntry;
		this.share = share;
		this.count = readCount;
		this.bytes = readBytes;
	}

	/**
	 * Return how many entries may be read.
	 * @param wanted how many are worth reading
	 * @param waiting how many wait for a worker
	 * @param running how many are handled
	 */
	int room(int wanted, int waiting, int running) {
		long entrySize = this.size;
		long ahead = Math.max(1, this.bytes / entrySize) - waiting;
		long held = Math.max(1, this.largestEntry / parts(entrySize) / entrySize) - waiting - running;
		return (int) Math.min(Math.min(wanted, this.count), Math.min(ahead, held));
	}

	private int parts(long entrySize) {
		return (entrySize >= HeapShare.LARGE) ? this.share.parts() : 1;
	}

	/**
	 * Return how much room makes a read worthwhile while entries wait.
	 */
	int worthwhile(int most) {
		return (int) Math.min(most, Math.max(1, this.bytes / this.size / 2));
	}

	/**
	 * Return how many entries to ask for by their ids.
	 */
	int page(int most) {
		return Math.min(most, this.count);
	}

	/**
	 * Return how many entries come apart from the script that gives them out: one after a
	 * failure, since it may be too large, and none where they are small.
	 */
	private int apart(long most) {
		long entrySize = this.size;
		if (this.failed) {
			return 1;
		}
		return (entrySize >= HeapShare.LARGE) ? (int) Math.max(1, most / entrySize) : 0;
	}

	private boolean isSmall() {
		long entrySize = this.size;
		return !this.failed && entrySize != UNKNOWN && entrySize <= SMALL;
	}

	long bytes() {
		return this.bytes;
	}

	/**
	 * Return how much may come at once of what is asked for by ids.
	 * @param bytes how much came already
	 */
	ReplyLimit limit(long bytes) {
		long rest = Math.max(1, this.bytes - bytes);
		return new ReplyLimit(this.largestEntry, rest, apart(rest), isSmall());
	}

	/**
	 * Entries came.
	 * @param largest size of the largest
	 */
	void succeeded(long largest) {
		this.failed = false;
		long before = this.size;
		long now = Math.max(largest, before - (before >> 3));
		if (now != before) {
			this.size = Math.max(UNKNOWN, now);
			share(now >= HeapShare.LARGE);
		}
		if (this.count < this.readCount) {
			this.count = Math.min(this.readCount, 2 * this.count);
		}
		if (this.bytes < this.readBytes) {
			this.bytes = Math.min(this.readBytes, this.bytes + this.readBytes / 16);
		}
	}

	private void share(boolean large) {
		if (this.large.compareAndSet(!large, large)) {
			if (large) {
				this.share.join();
			}
			else {
				this.share.leave();
			}
		}
	}

	/**
	 * Nothing is read any more.
	 */
	void end() {
		share(false);
	}

	/**
	 * There was no reply.
	 */
	void failed() {
		this.failed = true;
		this.count = 1;
		this.bytes = Math.min(this.readBytes, Math.max(LEAST_BYTES, this.bytes / 2));
	}

}
