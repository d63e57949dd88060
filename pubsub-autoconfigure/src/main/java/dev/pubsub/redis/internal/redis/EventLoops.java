package dev.pubsub.redis.internal.redis;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.RedisChannelHandler;
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

	private final Map<Object, EventExecutor> loops = new ConcurrentHashMap<>();

	private volatile @Nullable EventExecutorGroup group;

	@Override
	public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
		EventExecutor loop = ThreadExecutorMap.currentExecutor();
		if (loop != null) {
			this.group = groupOf(loop);
			this.loops.put(connection, loop);
		}
	}

	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
		this.loops.remove(connection);
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
	 * Return the event loop of a connection, {@code null} if it is closed already.
	 * @param connection the connection
	 */
	@Nullable EventExecutor loopOf(StatefulConnection<?, ?> connection) {
		return this.loops.get(connection);
	}

	private static EventExecutorGroup groupOf(EventExecutor loop) {
		EventExecutorGroup parent = loop.parent();
		return (parent != null) ? parent : loop;
	}

}
