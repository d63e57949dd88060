package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis that replaces itself: when it is lost, or silent for longer than
 * its timeout while a reply is due, all outstanding commands fail and a new connection is
 * made, with jittered back-off. Where Redis is several servers there is a connection to
 * each, and the first key of a command decides which one gets it; a single command that a
 * server has not executed, since another one serves its key, is sent there. Nothing that
 * a server may have executed is sent twice. Thread-safe.
 */
public interface RedisLink extends AutoCloseable {

	/**
	 * Send a command now.
	 * @param <T> type of the reply
	 * @param request the command
	 * @return the reply; fails with {@link NotConnectedException} when nothing was sent
	 */
	default <T> CompletableFuture<T> send(RedisRequest<T> request) {
		return send(request, null);
	}

	/**
	 * Send a command as soon as there is a connection, and again when the server could
	 * not execute it: while it is loading, for example, or a replica takes its place.
	 * @param <T> type of the reply
	 * @param request the command
	 * @param deadline until when to try; {@code null} to try once, now
	 * @return the reply; fails with the reason if nothing was executed before the
	 * deadline
	 */
	<T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline);

	/**
	 * Send commands now and once, those for one server in one write. An error is the
	 * reply, also where another server would execute the command: only the sender knows
	 * which others must not overtake it.
	 * @param <T> type of the replies
	 * @param requests the commands
	 * @return the replies in the same order
	 */
	<T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests);

	/**
	 * Return the link to the server that has the key of a command already, while the slot
	 * is on its way there.
	 * @param failure what the reply of a command on this link failed with
	 * @return the link, for what was answered so; {@code null} when the server named no
	 * such server
	 */
	default @Nullable RedisLink asked(Throwable failure) {
		return null;
	}

	/**
	 * See to it that a command, of which no reply has come in time, is not executed any
	 * more.
	 * @param reply what {@code send} returned
	 * @return why it was not executed; {@code null} when a server may have executed it
	 */
	static @Nullable Throwable withdraw(Future<?> reply) {
		return WatchedCommand.withdraw(reply);
	}

	/**
	 * Return a link for commands on one key: it follows the key from server to server. It
	 * shares the connections of this link, and closes them if it is closed.
	 * @param key the key
	 * @return the link; this one where it is to one server
	 */
	default RedisLink following(String key) {
		return this;
	}

	/**
	 * Return the link to the server that serves a key now.
	 * @param key the key
	 * @return the link, an equal one for all keys of a server; this link while the server
	 * is not known, and where it is to one server
	 */
	default RedisLink linkTo(String key) {
		return this;
	}

	/**
	 * Return whether there is a connection at the moment.
	 * @return whether a command would be sent
	 */
	boolean isConnected();

	/**
	 * Return whether nothing is sent on this link any more.
	 * @return whether it was closed, or its server is not the one for any key now
	 */
	boolean isClosed();

	/**
	 * Run something quick when nothing is sent on this link any more, at once if that is
	 * so already. For whatever keeps something by link: without it, what is kept for a
	 * server that is left would stay.
	 * @param action what to run
	 */
	default void onClose(Runnable action) {
	}

	/**
	 * Say why there is no connection, while there is none.
	 * @return what commands that cannot be sent fail with
	 */
	NotConnectedException notConnected();

	/**
	 * Return whether the calling thread may wait for replies: not if it belongs to the
	 * driver, which reads them.
	 * @return whether it may wait
	 */
	boolean mayWait();

	/**
	 * Wait for a connection, at most as long as given.
	 * @param atMost longest wait
	 * @return whether there is a connection
	 * @throws InterruptedException if interrupted while waiting
	 */
	default boolean awaitConnection(Duration atMost) throws InterruptedException {
		if (isConnected()) {
			return true;
		}
		CompletableFuture<Void> connected = whenConnected();
		try {
			connected.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException | ExecutionException | CancellationException ex) {
			return false;
		}
		finally {
			// Or it would be kept until there is a connection.
			connected.cancel(false);
		}
	}

	/**
	 * Start to connect, unless there is a connection, and say when there is one.
	 * @return completes when there is a connection, however long that takes; fails when
	 * the link is closed
	 */
	CompletableFuture<Void> whenConnected();

	/**
	 * Drop the connection, failing what is outstanding, and make a new one.
	 */
	void reset();

	@Override
	void close();

}
