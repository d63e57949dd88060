package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a link, from its opening to its loss: sends commands in the order of
 * the calls, and notices when their replies stay away. Thread-safe.
 */
final class LinkSession {

	private final Owner owner;

	private final StatefulConnection<byte[], byte[]> connection;

	private final EventExecutor loop;

	private final ReplyWatch watch;

	private LinkSession(StatefulConnection<byte[], byte[]> connection, EventExecutor loop, LinkSettings settings,
			Owner owner) {
		this.owner = owner;
		this.connection = connection;
		this.loop = loop;
		this.watch = new ReplyWatch(settings.timeout(), settings.suspicion(), settings.threads().ticks(),
				settings.onTrouble(), () -> owner.lost(this, null));
	}

	/**
	 * Return a session.
	 * @param connection an open connection
	 * @param loop its event loop
	 * @param settings what all connections of the link have in common
	 * @param owner is told when the connection is of no use any more
	 */
	static LinkSession of(StatefulConnection<byte[], byte[]> connection, EventExecutor loop, LinkSettings settings,
			Owner owner) {
		LinkSession session = new LinkSession(connection, loop, settings, owner);
		connection.addListener(new RedisConnectionStateListener() {

			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
				owner.lost(session, null);
			}

		});
		return session;
	}

	boolean isOpen() {
		return this.connection.isOpen();
	}

	void send(WatchedCommand<?> command) {
		command.setSession(this);
		this.watch.sent(1);
		inOrder(() -> dispatch(command));
	}

	void sendAll(List<? extends WatchedCommand<?>> commands) {
		commands.forEach((command) -> command.setSession(this));
		this.watch.sent(commands.size());
		inOrder(() -> dispatch(commands));
	}

	/**
	 * Send commands whose key is on its way to this server. What permits one must come
	 * right before it, so that the event loop sends both.
	 */
	void sendAsking(List<? extends WatchedCommand<?>> commands) {
		List<RedisCommand<byte[], byte[], ?>> all = new ArrayList<>(2 * commands.size());
		commands.forEach((command) -> {
			command.setSession(this);
			all.add(new Asking(command));
			all.add(command);
		});
		this.watch.sent(commands.size());
		execute(() -> {
			try {
				this.connection.dispatch(all);
			}
			catch (Throwable ex) {
				commands.forEach((command) -> command.completeExceptionally(ex));
			}
		});
	}

	boolean isIdle() {
		return this.watch.isIdle();
	}

	void close() {
		this.connection.close();
	}

	void closeAsync() {
		this.connection.closeAsync();
	}

	/**
	 * A command has ended.
	 * @param failure why there was no reply; nothing when there was one, be it an error
	 */
	void ended(@Nullable Throwable failure) {
		this.watch.replied();
		if (failure != null) {
			this.owner.lost(this, failure);
		}
	}

	/**
	 * Return whether a command that was answered with an error is sent again.
	 */
	boolean takesOver(WatchedCommand<?> command, String error) {
		return this.owner.refused(command, error, this);
	}

	/**
	 * Netty writes at once what the event loop of a channel dispatches, and queues what
	 * other threads do, so the loop has to queue, too.
	 */
	private void inOrder(Runnable dispatch) {
		if (this.loop.inEventLoop()) {
			execute(dispatch);
		}
		else {
			dispatch.run();
		}
	}

	private void execute(Runnable dispatch) {
		try {
			this.loop.execute(dispatch);
		}
		catch (RejectedExecutionException ex) {
			// The driver is shutting down: it fails what it is given.
			dispatch.run();
		}
	}

	private void dispatch(WatchedCommand<?> command) {
		try {
			this.connection.dispatch(command);
		}
		catch (Throwable ex) {
			// Nobody else would tell: the event loop drops errors.
			command.completeExceptionally(ex);
		}
	}

	private void dispatch(List<? extends WatchedCommand<?>> commands) {
		try {
			this.connection.dispatch(commands);
		}
		catch (Throwable ex) {
			commands.forEach((command) -> command.completeExceptionally(ex));
		}
	}

	/**
	 * Looks after what is beyond one connection.
	 */
	interface Owner {

		/**
		 * The connection is of no use any more.
		 * @param session its session
		 * @param cause why, if that is known
		 */
		void lost(LinkSession session, @Nullable Throwable cause);

		/**
		 * The server answered a command with an error.
		 * @param command the command
		 * @param error the error
		 * @param session on which it was sent
		 * @return whether the command is sent again
		 */
		boolean refused(WatchedCommand<?> command, String error, LinkSession session);

	}

}
