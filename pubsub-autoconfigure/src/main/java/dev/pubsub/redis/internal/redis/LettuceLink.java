package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RedisLink} over a Lettuce connection. Lettuce's own reconnection stays off: it
 * would send again what was in flight. Thread-safe: {@code lock} guards the state.
 */
final class LettuceLink implements RedisLink {

	private static final Logger logger = LoggerFactory.getLogger(LettuceLink.class);

	private final LinkName name;

	private final Duration timeout;

	private final Supplier<StatefulConnection<byte[], byte[]>> connector;

	private final EventLoops loops;

	private final BackgroundThreads threads;

	private final ConnectGate gate;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable LinkSession session;

	private volatile @Nullable Throwable lastFailure;

	private CompletableFuture<Void> connected = new CompletableFuture<>();

	private State state = State.IDLE;

	private int failures;

	/**
	 * Create a link that connects when it is first used.
	 * @param name what it is for, in messages
	 * @param timeout longest silence while a reply is due
	 * @param connector makes a connection; may block
	 * @param loops knows the event loops of the connections
	 * @param threads threads to connect with
	 * @param gate shared by all links to the same server
	 */
	LettuceLink(LinkName name, Duration timeout, Supplier<StatefulConnection<byte[], byte[]>> connector,
			EventLoops loops, BackgroundThreads threads, ConnectGate gate) {
		this.name = name;
		this.timeout = timeout;
		this.connector = connector;
		this.loops = loops;
		this.threads = threads;
		this.gate = gate;
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request) {
		LinkSession current = this.session;
		if (current == null) {
			connect();
			return CompletableFuture.failedFuture(notConnected());
		}
		return current.send(request);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		LinkSession current = this.session;
		if (current == null) {
			connect();
			NotConnectedException failure = notConnected();
			return requests.stream().map((request) -> CompletableFuture.<T>failedFuture(failure)).toList();
		}
		return current.sendAll(requests);
	}

	@Override
	public NotConnectedException notConnected() {
		return NotConnectedException.of(this.name, this.lastFailure);
	}

	@Override
	public boolean isConnected() {
		return this.session != null;
	}

	@Override
	public boolean mayWait() {
		return !this.loops.includeCurrentThread();
	}

	@Override
	public boolean awaitConnection(Duration atMost) throws InterruptedException {
		if (this.session != null) {
			return true;
		}
		long start = System.nanoTime();
		if (leaveIdle()) {
			attempt();
		}
		CompletableFuture<Void> future;
		this.lock.lock();
		try {
			future = this.connected;
		}
		finally {
			this.lock.unlock();
		}
		try {
			future.get(atMost.toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException | ExecutionException | CancellationException ex) {
			return false;
		}
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		connect();
		this.lock.lock();
		try {
			return this.connected.copy();
		}
		finally {
			this.lock.unlock();
		}
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

	@Override
	public void close() {
		LinkSession current;
		this.lock.lock();
		try {
			this.state = State.CLOSED;
			current = this.session;
			this.session = null;
			if (!this.connected.cancel(false)) {
				this.connected = CompletableFuture.failedFuture(new CancellationException());
			}
		}
		finally {
			this.lock.unlock();
		}
		if (current != null) {
			current.close();
		}
	}

	/**
	 * Detach the given connection, unless that was done before, and make another.
	 */
	private void lost(LinkSession lost, @Nullable Throwable cause) {
		this.lock.lock();
		try {
			if (this.session != lost) {
				return;
			}
			this.session = null;
			this.lastFailure = (cause != null) ? cause : new RedisException("the connection was lost or fell silent");
			this.connected = new CompletableFuture<>();
			this.state = State.IDLE;
		}
		finally {
			this.lock.unlock();
		}
		logger.debug("Dropped the {} connection", this.name, cause);
		lost.closeAsync();
		connect();
	}

	private void connect() {
		if (leaveIdle()) {
			startAttempt();
		}
	}

	private boolean leaveIdle() {
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
			this.threads.tasks().execute(this::attempt);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No thread to connect with, the application is stopping", ex);
		}
	}

	private void attempt() {
		if (isClosed()) {
			return;
		}
		if (!this.gate.pass()) {
			attemptLater();
			return;
		}
		try {
			StatefulConnection<byte[], byte[]> connection = this.connector.get();
			this.gate.succeeded();
			established(connection);
		}
		catch (Throwable ex) {
			this.gate.failed();
			this.lastFailure = ex;
			logger.debug("Cannot open the {} connection, attempt {}", this.name, this.failures + 1, ex);
			attemptLater();
		}
	}

	private void attemptLater() {
		this.failures++;
		this.threads.after(ReconnectBackoff.delay(this.failures), this::startAttempt);
	}

	private void established(StatefulConnection<byte[], byte[]> connection) {
		LinkSession next = new LinkSession(connection, this.loops.dispatcher(connection), this.timeout,
				this.threads.timer(), this::lost);
		connection.addListener(new RedisConnectionStateListener() {

			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
				lost(next, null);
			}

		});
		CompletableFuture<Void> waiting;
		this.lock.lock();
		try {
			if (this.state == State.CLOSED) {
				connection.closeAsync();
				return;
			}
			this.state = State.CONNECTED;
			this.failures = 0;
			this.session = next;
			waiting = this.connected;
		}
		finally {
			this.lock.unlock();
		}
		waiting.complete(null);
		if (!connection.isOpen()) {
			lost(next, null);
		}
	}

	boolean isClosed() {
		this.lock.lock();
		try {
			return this.state == State.CLOSED;
		}
		finally {
			this.lock.unlock();
		}
	}

	private enum State {

		IDLE, CONNECTING, CONNECTED, CLOSED

	}

}
