package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sessions of one web request, exchange or transaction, one per producer, from their
 * first use to their end. Building block of a {@link SessionScope}. Thread-safe:
 * {@code lock} guards the sessions.
 *
 * @since 0.1.0
 */
public final class ScopedSessions {

	private final boolean anyThread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<RedisStreamProducer, ProducerSession> sessions = new LinkedHashMap<>();

	private boolean ended;

	private ScopedSessions(boolean anyThread) {
		this.anyThread = anyThread;
	}

	/**
	 * Return sessions of which each belongs to the thread that uses it first.
	 * @return the sessions, none yet
	 */
	public static ScopedSessions ofOneThread() {
		return new ScopedSessions(false);
	}

	/**
	 * Return sessions that any thread may use, one at a time.
	 * @return the sessions, none yet
	 */
	public static ScopedSessions ofAnyThread() {
		return new ScopedSessions(true);
	}

	/**
	 * Return the session of a producer.
	 * @param producer makes it when there was none yet
	 * @return the session, empty after the end
	 */
	public Optional<ProducerSession> find(RedisStreamProducer producer) {
		this.lock.lock();
		try {
			return this.ended ? Optional.empty()
					: Optional.of(this.sessions.computeIfAbsent(producer, this::newSession));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Commit what the sessions hold, and end.
	 * @throws PublishException the first failure; the other sessions are committed all
	 * the same
	 */
	public void commit() {
		RuntimeException failure = null;
		for (ProducerSession session : end()) {
			try {
				session.commit();
			}
			catch (RuntimeException ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * Commit what the sessions hold without waiting, and end.
	 * @return completes when Redis has answered; fails with {@link PublishException}
	 */
	public CompletableFuture<Void> commitAsync() {
		return CompletableFuture
			.allOf(end().stream().map(ProducerSession::commitAsync).toArray(CompletableFuture[]::new));
	}

	/**
	 * Forget what the sessions hold, and end.
	 * @return how many messages were dropped
	 */
	public int drop() {
		int dropped = 0;
		for (ProducerSession session : end()) {
			dropped += session.size();
			session.clear();
		}
		return dropped;
	}

	/**
	 * Return the sessions, which are of the calling thread from now on.
	 */
	private List<ProducerSession> end() {
		this.lock.lock();
		try {
			this.ended = true;
			List<ProducerSession> all = new ArrayList<>(this.sessions.values());
			this.sessions.clear();
			all.forEach(ScopedSessions::handOver);
			return all;
		}
		finally {
			this.lock.unlock();
		}
	}

	private ProducerSession newSession(RedisStreamProducer producer) {
		ProducerSession session = producer.newSession();
		if (this.anyThread && session instanceof BufferedProducerSession buffered) {
			buffered.share();
		}
		return session;
	}

	private static void handOver(ProducerSession session) {
		if (session instanceof BufferedProducerSession buffered) {
			buffered.handOver();
		}
	}

}
