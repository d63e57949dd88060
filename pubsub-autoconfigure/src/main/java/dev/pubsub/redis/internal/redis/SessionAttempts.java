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

	private final ServerNode node;

	private final LinkSettings settings;

	private volatile @Nullable Throwable lastFailure;

	/** Written by the attempt that is under way. */
	private volatile int failures;

	SessionAttempts(ServerNode node, LinkSettings settings) {
		this.node = node;
		this.settings = settings;
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
		return NotConnectedException.of(new LinkName(this.settings.name(), place), this.lastFailure);
	}

	/**
	 * Take note of why another session is needed.
	 */
	void needed(Throwable cause) {
		this.lastFailure = cause;
	}

	/**
	 * Start to try. Never waits.
	 * @param unwanted says that no session is wanted any more
	 * @param owner is told of what happens to the session
	 * @param onSession gets it
	 */
	void begin(BooleanSupplier unwanted, LinkSession.Owner owner, Consumer<LinkSession> onSession) {
		start(new Wanted(unwanted, owner, onSession));
	}

	private void start(Wanted wanted) {
		try {
			this.settings.threads().tasks().execute(() -> attempt(wanted));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No thread to connect with, the application is stopping", ex);
		}
		catch (Throwable ex) {
			// There may be no thread to be had, which is an error.
			this.lastFailure = ex;
			logger.debug("No thread to open the {} connection with", this.settings.name(), ex);
			later(wanted);
		}
	}

	private void attempt(Wanted wanted) {
		if (wanted.unwanted().getAsBoolean()) {
			return;
		}
		if (!this.node.gate().pass()) {
			later(wanted);
			return;
		}
		try {
			LinkSession session = open(wanted.owner());
			this.node.gate().succeeded();
			this.failures = 0;
			wanted.onSession().accept(session);
		}
		catch (Throwable ex) {
			this.node.gate().failed();
			this.lastFailure = ex;
			logger.debug("Cannot open the {} connection to {}, attempt {}", this.settings.name(), this.node,
					this.failures + 1, ex);
			this.settings.onTrouble().run();
			later(wanted);
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // one attempt at a time
	private void later(Wanted wanted) {
		this.failures++;
		this.settings.threads().after(ReconnectBackoff.delay(this.failures), () -> start(wanted));
	}

	private LinkSession open(LinkSession.Owner owner) {
		StatefulConnection<byte[], byte[]> connection = this.settings.connector().apply(this.node);
		try {
			return LinkSession.of(connection, this.settings.loops().loopOf(connection, READY_TIMEOUT), this.settings,
					owner);
		}
		catch (RuntimeException ex) {
			connection.closeAsync();
			throw ex;
		}
	}

	/**
	 * A session that is wanted.
	 *
	 * @param unwanted says that it is not any more
	 * @param owner is told of what happens to it
	 * @param onSession gets it
	 */
	private record Wanted(BooleanSupplier unwanted, LinkSession.Owner owner, Consumer<LinkSession> onSession) {

	}

}
