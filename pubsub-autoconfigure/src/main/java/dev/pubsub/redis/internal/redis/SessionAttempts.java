package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.lettuce.core.api.StatefulConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries to open a session with a server until there is one, and knows why there is none.
 * At most one attempt is under way at a time. Thread-safe.
 */
final class SessionAttempts {

	private static final Logger logger = LoggerFactory.getLogger(SessionAttempts.class);

	/**
	 * How long an open connection may need until it takes commands.
	 */
	private static final Duration READY_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final ServerNode node;

	private final LinkSettings settings;

	private final BooleanSupplier unwanted;

	private final LinkSession.Owner owner;

	private final Consumer<LinkSession> onSession;

	private final Runnable begin = this::begin;

	private final Runnable attempt = this::attempt;

	private final LastFailure lastFailure = new LastFailure();

	/** Written by the attempt that is under way. */
	private volatile int failures;

	/**
	 * Create attempts.
	 * @param unwanted says that no session is wanted any more
	 * @param owner is told of what happens to sessions
	 * @param onSession gets each
	 */
	SessionAttempts(ServerNode node, LinkSettings settings, BooleanSupplier unwanted, LinkSession.Owner owner,
			Consumer<LinkSession> onSession) {
		this.node = node;
		this.settings = settings;
		this.unwanted = unwanted;
		this.owner = owner;
		this.onSession = onSession;
	}

	ServerNode node() {
		return this.node;
	}

	/**
	 * Say why there is no session, while there is none.
	 */
	NotConnectedException notConnected() {
		String address = this.settings.address();
		String place = address.startsWith(this.node.toString()) ? address : this.node + " of " + address;
		return NotConnectedException.of(new LinkName(this.settings.name(), place), this.lastFailure.get());
	}

	/**
	 * Take note of why another session is needed.
	 */
	void needed(Throwable cause) {
		this.lastFailure.set(cause);
	}

	/**
	 * Start to try, and do not end before there is a session, or none is wanted any more.
	 * Never waits, but for memory. Needs no more memory than is there already: an attempt
	 * that a full heap ends is followed by another one.
	 */
	void begin() {
		boolean done = false;
		try {
			this.settings.threads().tasks().execute(this.attempt);
			done = true;
		}
		catch (RejectedExecutionException ex) {
			done = true;
			logger.debug("No thread to connect with, the application is stopping", ex);
		}
		catch (Throwable ex) {
			// There may be no thread to be had, which is an error.
			this.lastFailure.set(ex);
		}
		finally {
			if (!done) {
				later();
			}
		}
	}

	private void attempt() {
		boolean done = false;
		try {
			done = this.unwanted.getAsBoolean() || (this.node.gate().pass() && succeeds());
		}
		finally {
			if (!done) {
				later();
			}
		}
	}

	private boolean succeeds() {
		LinkSession session = null;
		try {
			session = open();
			this.node.gate().succeeded();
			this.failures = 0;
			this.onSession.accept(session);
			return true;
		}
		catch (Throwable ex) {
			this.lastFailure.attemptFailed(ex);
			if (session != null) {
				session.closeAsync();
			}
			failed(ex);
			return false;
		}
	}

	/**
	 * Say so, as far as there is memory for it.
	 */
	private void failed(Throwable failure) {
		try {
			this.node.gate().failed();
			logger.debug("Cannot open the {} connection to {}, attempt {}", this.settings.name(), this.node,
					this.failures + 1, failure);
			this.settings.onTrouble().run();
		}
		catch (OutOfMemoryError ex) {
			this.lastFailure.set(ex);
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // one attempt at a time
	private void later() {
		this.failures++;
		Duration delay = LONGEST_PAUSE;
		try {
			delay = ReconnectBackoff.delay(this.failures);
		}
		catch (OutOfMemoryError ex) {
			this.lastFailure.set(ex);
		}
		this.settings.threads().after(delay, this.begin);
	}

	private LinkSession open() {
		StatefulConnection<byte[], byte[]> connection = this.settings.connector().apply(this.node);
		boolean done = false;
		try {
			LinkSession session = LinkSession.of(connection, this.settings.loops().loopOf(connection, READY_TIMEOUT),
					this.settings, this.owner);
			done = true;
			return session;
		}
		finally {
			if (!done) {
				connection.closeAsync();
			}
		}
	}

}
