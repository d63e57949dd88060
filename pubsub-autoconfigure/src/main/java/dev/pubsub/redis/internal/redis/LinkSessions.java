package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions with one server, one after another: makes a new one when one is lost.
 * Lettuce's own reconnection stays off: it would send again what was in flight.
 * Thread-safe: {@code lock} guards the state.
 */
final class LinkSessions implements LinkSession.Owner {

	private static final Logger logger = LoggerFactory.getLogger(LinkSessions.class);

	/**
	 * How long replies may take that are due when the server is left.
	 */
	private static final Duration LAST_REPLIES = Duration.ofSeconds(1);

	private static final Duration LAST_REPLIES_STEP = Duration.ofMillis(50);

	private final LinkSettings settings;

	private final Unexecuted unexecuted;

	private final SessionAttempts attempts;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable LinkSession session;

	private final Set<CompletableFuture<Void>> waiting = new LinkedHashSet<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private volatile State state = State.IDLE;

	LinkSessions(ServerNode node, LinkSettings settings, Unexecuted unexecuted) {
		this.settings = settings;
		this.unexecuted = unexecuted;
		this.attempts = new SessionAttempts(node, settings, this::isClosed, this, this::established);
	}

	ServerNode node() {
		return this.attempts.node();
	}

	/**
	 * Return the session, and start to make one where there is none.
	 */
	@Nullable LinkSession current() {
		LinkSession current = this.session;
		if (current == null) {
			connect();
		}
		return current;
	}

	boolean isConnected() {
		return this.session != null;
	}

	boolean isClosed() {
		return this.state == State.CLOSED;
	}

	void onClose(Runnable action) {
		this.closed.thenRun(action);
	}

	NotConnectedException notConnected() {
		return this.attempts.notConnected();
	}

	/**
	 * Say when there is a session.
	 */
	CompletableFuture<Void> whenConnected() {
		connect();
		CompletableFuture<Void> waiter = new CompletableFuture<>();
		this.lock.lock();
		try {
			if (this.state == State.CLOSED) {
				return CompletableFuture.failedFuture(new CancellationException());
			}
			if (this.session != null) {
				return CompletableFuture.completedFuture(null);
			}
			this.waiting.add(waiter);
		}
		finally {
			this.lock.unlock();
		}
		waiter.whenComplete((connected, failure) -> forget(waiter));
		return waiter;
	}

	/**
	 * An outage may be long, and what has waited in vain must not be kept until its end.
	 */
	@SuppressWarnings("CollectionUndefinedEquality") // the same future is meant
	private void forget(CompletableFuture<Void> waiter) {
		this.lock.lock();
		try {
			this.waiting.remove(waiter);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return all that wait, in order. The lock must be held, but not while they are told.
	 */
	private List<CompletableFuture<Void>> takeWaiting() {
		List<CompletableFuture<Void>> taken = List.copyOf(this.waiting);
		this.waiting.clear();
		return taken;
	}

	void reset() {
		LinkSession current = this.session;
		if (current != null) {
			lost(current, null);
		}
		else {
			connect();
		}
	}

	/**
	 * Start nothing more. Replies that are due have a moment to come.
	 */
	void retire() {
		LinkSession current = end();
		if (current != null) {
			closeWhenIdle(current, Deadline.after(LAST_REPLIES));
		}
	}

	void close() {
		LinkSession current = end();
		if (current != null) {
			current.close();
		}
	}

	private @Nullable LinkSession end() {
		LinkSession current;
		List<CompletableFuture<Void>> left;
		this.lock.lock();
		try {
			current = this.session;
			this.state = State.CLOSED;
			this.session = null;
			left = takeWaiting();
		}
		finally {
			this.lock.unlock();
		}
		left.forEach((waiter) -> waiter.cancel(false));
		this.closed.complete(null);
		return current;
	}

	private void closeWhenIdle(LinkSession left, Deadline deadline) {
		if (left.isIdle() || deadline.isOver()) {
			left.closeAsync();
		}
		else {
			this.settings.threads().after(LAST_REPLIES_STEP, () -> closeWhenIdle(left, deadline));
		}
	}

	/**
	 * Detach the given session, unless that was done before, and make another.
	 */
	@Override
	public void lost(LinkSession lost, @Nullable Throwable cause) {
		if (detach(lost, cause)) {
			try {
				this.settings.reconnects().lost();
				lost.closeAsync();
				logger.debug("Dropped the {} connection to {}", this.settings.name(), node(), cause);
				this.settings.onTrouble().run();
			}
			finally {
				connect();
			}
		}
	}

	/**
	 * A server that is no master is left: replies that are due have a moment to come.
	 */
	@Override
	public boolean refused(WatchedCommand<?> command, String text, LinkSession used) {
		ErrorReply error = ErrorReply.parse(text);
		if (error == null) {
			return false;
		}
		if (error.kind() == ErrorReply.Kind.NO_MASTER && detach(used, null)) {
			closeWhenIdle(used, Deadline.after(LAST_REPLIES));
			connect();
		}
		return this.unexecuted.refused(command, error, text, node());
	}

	private boolean detach(LinkSession left, @Nullable Throwable cause) {
		this.lock.lock();
		try {
			if (this.session != left) {
				return false;
			}
			this.attempts
				.needed((cause != null) ? cause : new RedisException("the connection was lost or fell silent"));
			this.session = null;
			this.state = State.IDLE;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void connect() {
		if (leaveIdle()) {
			this.attempts.begin();
		}
	}

	private boolean leaveIdle() {
		if (this.state != State.IDLE) {
			return false;
		}
		this.lock.lock();
		try {
			boolean idle = this.state == State.IDLE;
			if (idle) {
				this.state = State.CONNECTING;
			}
			return idle;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void established(LinkSession next) {
		List<CompletableFuture<Void>> waiters;
		this.lock.lock();
		try {
			if (this.state != State.CONNECTING) {
				next.closeAsync();
				return;
			}
			waiters = takeWaiting();
			this.state = State.CONNECTED;
			this.session = next;
		}
		finally {
			this.lock.unlock();
		}
		this.settings.reconnects().connected();
		waiters.forEach((waiter) -> waiter.complete(null));
		if (!next.isOpen()) {
			lost(next, null);
		}
	}

	private enum State {

		IDLE, CONNECTING, CONNECTED, CLOSED

	}

}
