package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to Redis that replaces itself: when it is lost, or silent for longer than
 * its timeout while a reply is due, all outstanding commands fail and a new connection is
 * made, with jittered back-off. Nothing is sent twice and nothing is kept to be sent
 * later. Thread-safe.
 */
public interface RedisLink extends AutoCloseable {

	/**
	 * Send a command.
	 * @param <T> type of the reply
	 * @param request the command
	 * @return the reply; fails with {@link NotConnectedException} when nothing was sent
	 */
	<T> CompletableFuture<T> send(RedisRequest<T> request);

	/**
	 * Send commands in one write.
	 * @param <T> type of the replies
	 * @param requests the commands
	 * @return the replies in the same order
	 */
	<T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests);

	/**
	 * Return the link to the one node that serves a key. Commands on it go to that node
	 * only and in order, so that a command can be about those before it: a redirection is
	 * an error there.
	 * @param key the key
	 * @return the link of the node, which is this one where there is one node
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
	boolean awaitConnection(Duration atMost) throws InterruptedException;

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
