package dev.pubsub.redis.internal.redis;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

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
	 * Return what dispatches the commands of a connection in the order of the calls.
	 * Netty writes at once what the loop of a channel dispatches, and queues what other
	 * threads do, so the loop has to queue, too. A cluster has a channel and a loop per
	 * node, of which one is known here: what other loops dispatch may be early. No loop
	 * can dispatch for all, since the driver waits for connections to nodes.
	 * @param connection an open connection
	 */
	Executor dispatcher(StatefulConnection<?, ?> connection) {
		EventExecutor loop = this.loops.get(connection);
		if (loop == null) {
			return Runnable::run;
		}
		return (dispatch) -> {
			if (loop.inEventLoop()) {
				loop.execute(dispatch);
			}
			else {
				dispatch.run();
			}
		};
	}

	private static EventExecutorGroup groupOf(EventExecutor loop) {
		EventExecutorGroup parent = loop.parent();
		return (parent != null) ? parent : loop;
	}

}
