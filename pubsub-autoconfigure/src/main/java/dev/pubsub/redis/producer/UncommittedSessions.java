package dev.pubsub.redis.producer;

import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of a producer that hold messages. Tells of those that will never be committed,
 * since the application has lost sight of them. Thread-safe: its own lock guards the
 * counts, and what it guards is quick.
 */
final class UncommittedSessions {

	private static final Logger logger = LoggerFactory.getLogger(UncommittedSessions.class);

	private static final long REMINDER_NANOS = Duration.ofMinutes(1).toNanos();

	private final Set<SessionMessages> open = ConcurrentHashMap.newKeySet();

	private final LongSupplier ticker;

	private long lost;

	private long unreported;

	private long lastLine;

	private boolean toldOfAnother;

	private long lastOther;

	UncommittedSessions(LongSupplier ticker) {
		this.ticker = ticker;
	}

	/**
	 * Return the time, in nanoseconds of some clock.
	 */
	long now() {
		return this.ticker.getAsLong();
	}

	/**
	 * Watch a session that has messages.
	 */
	Cleanable watch(BufferedProducerSession session, SessionMessages messages) {
		this.open.add(messages);
		return Unreachable.cleaner.register(session, messages);
	}

	/**
	 * Return the messages of the sessions that hold some.
	 */
	Set<SessionMessages> open() {
		return this.open;
	}

	/**
	 * Return where the application is now, if that is wanted.
	 */
	@Nullable Throwable place() {
		return logger.isDebugEnabled() ? new Throwable("The session was first used here") : null;
	}

	/**
	 * A session is unreachable or holds nothing any more.
	 */
	void gone(SessionMessages messages) {
		if (this.open.remove(messages) && messages.untold() > 0) {
			report(messages.untold(), messages);
		}
	}

	/**
	 * A session was committed that never had a message. Where the same thread has another
	 * session with some, and had it before, they were meant to be one. What was made
	 * before that is one of several, of which only some get messages.
	 */
	void committedUnused(SessionMessages unused) {
		Thread thread = Thread.currentThread();
		for (SessionMessages other : this.open) {
			if (other.isOf(thread) && other.untold() > 0 && other.wasUsedBefore(unused)) {
				tellOfAnother(other.untold());
				return;
			}
		}
	}

	private synchronized void tellOfAnother(int messages) {
		long now = now();
		if (this.toldOfAnother && now - this.lastOther < REMINDER_NANOS) {
			return;
		}
		this.toldOfAnother = true;
		this.lastOther = now;
		logger.warn("commit() of a session without messages, while another session of this thread holds {} that"
				+ " were not committed: outside of a web request or transaction each call of session() returns a"
				+ " new one, keep it in a variable", messages);
	}

	/**
	 * The producer is closed: nothing that is still held can be sent any more.
	 */
	void close() {
		int messages = 0;
		int sessions = 0;
		for (SessionMessages left : List.copyOf(this.open)) {
			if (this.open.remove(left) && left.untold() > 0) {
				messages += left.untold();
				sessions++;
			}
		}
		if (messages > 0) {
			logger.warn("Closing while {} messages of {} sessions were not committed: they are not published", messages,
					sessions);
		}
		reportRest();
	}

	private synchronized void report(int messages, SessionMessages session) {
		long now = this.ticker.getAsLong();
		this.lost += messages;
		this.unreported += messages;
		boolean first = this.lost == messages;
		if (!first && now - this.lastLine < REMINDER_NANOS) {
			return;
		}
		this.lastLine = now;
		this.unreported = 0;
		logger
			.warn("Lost {} messages of a session that was given up without commit() ({}), {} messages in all: keep the"
					+ " session in a variable and commit it, or publish without a session; DEBUG for {} shows where it was"
					+ " used", messages, session.firstUse(), this.lost, logger.getName(), session.place());
	}

	private synchronized void reportRest() {
		if (this.unreported > 0) {
			logger.warn("Lost {} more messages of sessions that were given up without commit()", this.unreported);
			this.unreported = 0;
		}
	}

	/**
	 * Starts its thread when it is first needed.
	 */
	private static final class Unreachable {

		static final Cleaner cleaner = Cleaner.create();

	}

}
