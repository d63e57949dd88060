package dev.pubsub.redis.producer;

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

	private volatile boolean failed;

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
	 * Let the sessions belong to the threads that use them next: the request goes on, but
	 * on another thread.
	 */
	public void handOver() {
		for (ProducerSession session : all(false)) {
			if (session instanceof BufferedProducerSession buffered) {
				buffered.handOver();
			}
		}
	}

	/**
	 * Commit what the sessions hold, after commits that are running; they go on. After a
	 * failure do nothing any more: whoever heard of it decides what is sent again.
	 * @throws PublishException the first failure; the other sessions are committed all
	 * the same
	 */
	public void flush() {
		if (this.failed) {
			return;
		}
		RuntimeException failure = null;
		for (ProducerSession session : all(false)) {
			try {
				commit(session);
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
			this.failed = true;
			throw failure;
		}
	}

	/**
	 * Do the same as {@link #flush()} without waiting.
	 * @return completes when Redis has answered; fails with {@link PublishException}
	 */
	public CompletableFuture<Void> flushAsync() {
		if (this.failed) {
			return CompletableFuture.completedFuture(null);
		}
		return CompletableFuture
			.allOf(all(false).stream().map(ScopedSessions::commitAsync).toArray(CompletableFuture[]::new))
			.whenComplete((flushed, failure) -> {
				if (failure != null) {
					this.failed = true;
				}
			});
	}

	/**
	 * Return whether a flush has failed, or, after the end, a commit whose answer nobody
	 * looked at.
	 * @return whether what the sessions hold, or what was dropped, could not be published
	 */
	public boolean hasFailed() {
		return this.failed;
	}

	/**
	 * End, wait for commits that are running, and forget what the sessions still hold.
	 * @return how many messages were dropped, without those whose {@code commit()} failed
	 * with an exception
	 */
	public int end() {
		return endAsync().join();
	}

	/**
	 * End, and forget what the sessions still hold after commits that are running,
	 * without waiting.
	 * @return completes with how many messages were dropped, without those whose
	 * {@code commit()} failed with an exception
	 */
	public CompletableFuture<Integer> endAsync() {
		CompletableFuture<Integer> dropped = CompletableFuture.completedFuture(0);
		for (ProducerSession session : all(true)) {
			dropped = dropped.thenCombine(drop(session), Integer::sum);
		}
		return dropped;
	}

	private List<ProducerSession> all(boolean last) {
		this.lock.lock();
		try {
			List<ProducerSession> all = List.copyOf(this.sessions.values());
			if (last) {
				this.ended = true;
				this.sessions.clear();
			}
			return all;
		}
		finally {
			this.lock.unlock();
		}
	}

	private ProducerSession newSession(RedisStreamProducer producer) {
		ProducerSession session = producer.newSession();
		if (session instanceof BufferedProducerSession buffered) {
			buffered.enterScope();
			if (this.anyThread) {
				buffered.share();
			}
		}
		return session;
	}

	private static void commit(ProducerSession session) {
		if (session instanceof BufferedProducerSession buffered) {
			buffered.commitForScope();
		}
		else {
			session.commit();
		}
	}

	private static CompletableFuture<?> commitAsync(ProducerSession session) {
		return (session instanceof BufferedProducerSession buffered) ? buffered.commitAsyncForScope()
				: session.commitAsync();
	}

	private CompletableFuture<Integer> drop(ProducerSession session) {
		if (session instanceof BufferedProducerSession buffered) {
			return buffered.dropForScope().thenApply((dropped) -> {
				this.failed |= dropped.failed();
				return dropped.messages();
			});
		}
		int dropped = session.size();
		session.clear();
		return CompletableFuture.completedFuture(dropped);
	}

}
