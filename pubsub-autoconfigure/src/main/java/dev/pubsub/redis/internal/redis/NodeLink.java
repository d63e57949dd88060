package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RedisLink} to one server, over a Lettuce connection. Lettuce's own reconnection
 * stays off: it would send again what was in flight. Thread-safe: {@code lock} guards the
 * state.
 */
final class NodeLink implements RedisLink {

	private static final Logger logger = LoggerFactory.getLogger(NodeLink.class);

	/**
	 * How long replies may take that are due when the server is left.
	 */
	private static final Duration LAST_REPLIES = Duration.ofSeconds(1);

	private static final Duration LAST_REPLIES_STEP = Duration.ofMillis(50);

	/**
	 * How long an open connection may need until it takes commands.
	 */
	private static final Duration READY_TIMEOUT = Duration.ofSeconds(3);

	private final ServerNode node;

	private final LinkSettings settings;

	private final Resends resends;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable LinkSession session;

	private volatile @Nullable Throwable lastFailure;

	private final Set<CompletableFuture<Void>> waiting = new LinkedHashSet<>();

	private volatile State state = State.IDLE;

	private int failures;

	/**
	 * Create a link that connects when it is first used.
	 * @param node the server
	 * @param settings what all servers of the link have in common
	 * @param resends sends again what another server may execute
	 */
	NodeLink(ServerNode node, LinkSettings settings, Resends resends) {
		this.node = node;
		this.settings = settings;
		this.resends = resends;
	}

	ServerNode node() {
		return this.node;
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		WatchedCommand<T> command = new WatchedCommand<>(request, deadline);
		LinkSession current = session();
		if (current != null) {
			current.send(command);
			return command;
		}
		if (deadline == null) {
			return CompletableFuture.failedFuture(notConnected());
		}
		this.resends.whenConnected(command, deadline, notConnected());
		return command;
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests, @Nullable Deadline deadline) {
		LinkSession current = session();
		if (current == null) {
			NotConnectedException failure = notConnected();
			return requests.stream().map((request) -> CompletableFuture.<T>failedFuture(failure)).toList();
		}
		List<WatchedCommand<T>> commands = new ArrayList<>(requests.size());
		for (RedisRequest<T> request : requests) {
			commands.add(new WatchedCommand<>(request, deadline));
		}
		current.sendAll(commands);
		return new ArrayList<>(commands);
	}

	/**
	 * Send a command as it is.
	 * @param asking whether its key is on its way to this server
	 * @return not when there is no connection
	 */
	boolean dispatch(WatchedCommand<?> command, boolean asking) {
		LinkSession current = session();
		if (current == null) {
			return false;
		}
		if (asking) {
			current.sendAsking(command);
		}
		else {
			current.send(command);
		}
		return true;
	}

	private @Nullable LinkSession session() {
		LinkSession current = this.session;
		if (current == null) {
			connect();
		}
		return current;
	}

	@Override
	public NotConnectedException notConnected() {
		String address = this.settings.address();
		String place = address.startsWith(this.node.toString()) ? address : this.node + " of " + address;
		return NotConnectedException.of(new LinkName(this.settings.name(), place), this.lastFailure);
	}

	@Override
	public RedisLink following(String key) {
		return this;
	}

	@Override
	public RedisLink linkTo(String key) {
		return this;
	}

	@Override
	public boolean isConnected() {
		return this.session != null;
	}

	@Override
	public boolean isClosed() {
		return this.state == State.CLOSED;
	}

	@Override
	public boolean mayWait() {
		return !this.settings.loops().includeCurrentThread();
	}

	@Override
	public boolean awaitConnection(Duration atMost) throws InterruptedException {
		if (this.session != null) {
			return true;
		}
		return RoutedLink.await(whenConnected(), atMost);
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
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

	@Override
	public void reset() {
		LinkSession current = this.session;
		if (current != null) {
			lost(current, null);
		}
		else {
			connect();
		}
	}

	/**
	 * Send nothing more on a connection, and make a new one, unless that was done before.
	 * Replies that are due have a moment to come.
	 */
	void leave(LinkSession used) {
		if (detach(used, null)) {
			closeWhenIdle(used, Deadline.after(LAST_REPLIES));
			connect();
		}
	}

	/**
	 * Send nothing more to this server. Replies that are due have a moment to come.
	 */
	void retire() {
		LinkSession current = end();
		if (current != null) {
			closeWhenIdle(current, Deadline.after(LAST_REPLIES));
		}
	}

	@Override
	public void close() {
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
	 * Detach the given connection, unless that was done before, and make another.
	 */
	void lost(LinkSession lost, @Nullable Throwable cause) {
		if (detach(lost, cause)) {
			logger.debug("Dropped the {} connection to {}", this.settings.name(), this.node, cause);
			lost.closeAsync();
			this.settings.reconnects().lost();
			this.settings.onTrouble().run();
			connect();
		}
	}

	private boolean detach(LinkSession left, @Nullable Throwable cause) {
		this.lock.lock();
		try {
			if (this.session != left) {
				return false;
			}
			this.session = null;
			this.lastFailure = (cause != null) ? cause : new RedisException("the connection was lost or fell silent");
			this.state = State.IDLE;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	ReplyWatch watch(LinkSession watched) {
		return new ReplyWatch(this.settings.timeout(), this.settings.suspicion(), this.settings.threads().timer(),
				this.settings.onTrouble(), () -> lost(watched, null));
	}

	boolean takesOver(WatchedCommand<?> command, String error, LinkSession used) {
		return this.resends.take(command, error, this, used);
	}

	private void connect() {
		if (leaveIdle()) {
			startAttempt();
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

	private void startAttempt() {
		try {
			this.settings.threads().tasks().execute(this::attempt);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No thread to connect with, the application is stopping", ex);
		}
		catch (Throwable ex) {
			// There may be no thread to be had, which is an error.
			this.lastFailure = ex;
			logger.debug("No thread to open the {} connection with", this.settings.name(), ex);
			attemptLater();
		}
	}

	private void attempt() {
		if (isClosed()) {
			return;
		}
		if (!this.node.gate().pass()) {
			attemptLater();
			return;
		}
		try {
			StatefulConnection<byte[], byte[]> connection = this.settings.connector().apply(this.node);
			LinkSession next = readySession(connection);
			this.node.gate().succeeded();
			established(connection, next);
		}
		catch (Throwable ex) {
			this.node.gate().failed();
			this.lastFailure = ex;
			logger.debug("Cannot open the {} connection to {}, attempt {}", this.settings.name(), this.node,
					this.failures + 1, ex);
			this.settings.onTrouble().run();
			attemptLater();
		}
	}

	private void attemptLater() {
		this.failures++;
		this.settings.threads().after(ReconnectBackoff.delay(this.failures), this::startAttempt);
	}

	private LinkSession readySession(StatefulConnection<byte[], byte[]> connection) {
		try {
			return new LinkSession(this, connection, this.settings.loops().loopOf(connection, READY_TIMEOUT));
		}
		catch (RuntimeException ex) {
			connection.closeAsync();
			throw ex;
		}
	}

	private void established(StatefulConnection<byte[], byte[]> connection, LinkSession next) {
		connection.addListener(new RedisConnectionStateListener() {

			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
				lost(next, null);
			}

		});
		List<CompletableFuture<Void>> waiters;
		this.lock.lock();
		try {
			if (this.state == State.CLOSED) {
				connection.closeAsync();
				return;
			}
			this.state = State.CONNECTED;
			this.failures = 0;
			this.session = next;
			waiters = takeWaiting();
		}
		finally {
			this.lock.unlock();
		}
		this.settings.reconnects().connected();
		waiters.forEach((waiter) -> waiter.complete(null));
		if (!connection.isOpen()) {
			lost(next, null);
		}
	}

	private enum State {

		IDLE, CONNECTING, CONNECTED, CLOSED

	}

}
