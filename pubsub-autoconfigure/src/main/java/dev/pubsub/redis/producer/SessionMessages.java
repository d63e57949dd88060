package dev.pubsub.redis.producer;

import java.lang.ref.Cleaner.Cleanable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The messages that a session holds, and how many of them are lost without a word if it
 * is given up now. It does not refer to the session, so that it outlives it. Confined to
 * whoever uses the session; counts may be read from anywhere.
 */
final class SessionMessages implements Runnable {

	private final UncommittedSessions uncommitted;

	/** Those that no exception has told the application about. */
	private final AtomicInteger untold = new AtomicInteger();

	private List<OutgoingEntry> entries;

	private boolean used;

	private boolean failed;

	private volatile boolean scoped;

	private volatile long threadId;

	private final long created;

	private volatile long usedSince;

	private volatile String firstUse = "";

	private volatile @Nullable Throwable place;

	private @Nullable Cleanable watch;

	SessionMessages(UncommittedSessions uncommitted, Collection<OutgoingEntry> entries) {
		this.uncommitted = uncommitted;
		this.entries = new ArrayList<>(entries);
		this.used = !entries.isEmpty();
		this.created = uncommitted.now();
	}

	/**
	 * Add a message.
	 * @param session the session, which is watched from now on
	 */
	void add(BufferedProducerSession session, OutgoingEntry entry) {
		this.used = true;
		this.entries.add(entry);
		this.untold.incrementAndGet();
		if (this.watch == null) {
			this.usedSince = this.uncommitted.now();
			this.threadId = Thread.currentThread().getId();
			this.firstUse = "thread \"" + Thread.currentThread().getName() + "\", stream \"" + entry.stream() + "\"";
			this.place = this.uncommitted.place();
			this.watch = this.uncommitted.watch(session, this);
		}
	}

	/**
	 * Return what is to be sent, without messages that another session, of those to be
	 * tried again, has sent.
	 */
	List<OutgoingEntry> unsent() {
		this.entries.removeIf(OutgoingEntry::isSent);
		return this.entries;
	}

	/**
	 * Leave out messages that would be added twice.
	 * @return how many
	 */
	int forgetDoubtful() {
		int before = this.entries.size();
		this.entries.removeIf(OutgoingEntry::mayBeAddedTwice);
		return before - this.entries.size();
	}

	/**
	 * Take note that the messages that are left could not be sent, which only an answer
	 * tells that may not be looked at.
	 */
	void fail() {
		this.failed = true;
		this.untold.set(unsent().size());
	}

	/**
	 * Take note that the application knows that the messages which are left were not
	 * sent.
	 */
	void tell() {
		this.untold.set(0);
		this.failed = false;
	}

	void clear() {
		this.entries = new ArrayList<>();
		this.untold.set(0);
		this.failed = false;
		Cleanable watched = this.watch;
		if (watched != null) {
			this.watch = null;
			watched.clean();
		}
	}

	/**
	 * Return how many messages there are that no exception has told the application
	 * about.
	 */
	int untold() {
		return this.untold.get();
	}

	boolean hasFailed() {
		return this.failed;
	}

	/**
	 * Return whether there ever was a message.
	 */
	boolean wasUsed() {
		return this.used;
	}

	/**
	 * Belong to a request or transaction, which commits or drops it.
	 */
	void enterScope() {
		this.scoped = true;
	}

	boolean isOf(Thread thread) {
		return !this.scoped && this.threadId == thread.getId();
	}

	/**
	 * Return whether this session had messages before another one was made.
	 */
	boolean wasUsedBefore(SessionMessages other) {
		return this.usedSince - other.created <= 0;
	}

	String firstUse() {
		return this.firstUse;
	}

	@Nullable Throwable place() {
		return this.place;
	}

	/**
	 * The session is unreachable, or holds nothing any more.
	 */
	@Override
	public void run() {
		this.uncommitted.gone(this);
	}

}
