package dev.pubsub.redis.internal.redis;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.internal.ThreadExecutorMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which event loops write the commands and read the replies of a client's
 * connections. Thread-safe.
 */
final class EventLoops implements RedisConnectionStateListener {

	/**
	 * Weak, since not every connection is asked for. Guarded by itself.
	 */
	private final Map<Object, CompletableFuture<EventExecutor>> loops = new WeakHashMap<>();

	private volatile @Nullable EventExecutorGroup group;

	@Override
	public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
		EventExecutor loop = ThreadExecutorMap.currentExecutor();
		if (loop != null) {
			this.group = groupOf(loop);
			loop(connection).complete(loop);
		}
	}

	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
		loop(connection).cancel(false);
	}

	private CompletableFuture<EventExecutor> loop(Object connection) {
		synchronized (this.loops) {
			return this.loops.computeIfAbsent(connection, (any) -> new CompletableFuture<>());
		}
	}

	/**
	 * Return whether the calling thread belongs to these loops: it must not wait for what
	 * one of them has to do.
	 */
	boolean includeCurrentThread() {
		EventExecutorGroup known = this.group;
		EventExecutor current = (known != null) ? ThreadExecutorMap.currentExecutor() : null;
		return current != null && groupOf(current) == known;
	}

	/**
	 * Wait until the event loop of a connection has made it ready, and return that loop.
	 * The driver returns connections before that where credentials come from another
	 * thread, and rejects commands meanwhile.
	 * @param connection the connection
	 * @param atMost how long to wait
	 * @return the loop
	 * @throws RedisConnectionException if the connection is lost, or is not ready in time
	 */
	EventExecutor loopOf(StatefulConnection<?, ?> connection, Duration atMost) {
		try {
			return loop(connection).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (CancellationException ex) {
			throw new RedisConnectionException("the connection was lost at once", ex);
		}
		catch (TimeoutException | ExecutionException ex) {
			throw new RedisConnectionException("the connection was not ready in time", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisConnectionException("interrupted while the connection was made ready", ex);
		}
	}

	private static EventExecutorGroup groupOf(EventExecutor loop) {
		EventExecutorGroup parent = loop.parent();
		return (parent != null) ? parent : loop;
	}

}
