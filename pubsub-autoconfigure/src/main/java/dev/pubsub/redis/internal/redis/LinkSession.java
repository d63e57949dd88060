package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a link, from its opening to its loss: sends commands in the order of
 * the calls, and notices when their replies stay away. Thread-safe.
 */
final class LinkSession {

	private final NodeLink link;

	private final StatefulConnection<byte[], byte[]> connection;

	private final EventExecutor loop;

	private final ReplyWatch watch;

	/**
	 * Create a session.
	 * @param link is told when the connection is of no use any more
	 * @param connection an open connection
	 * @param loop its event loop
	 */
	LinkSession(NodeLink link, StatefulConnection<byte[], byte[]> connection, EventExecutor loop) {
		this.link = link;
		this.connection = connection;
		this.loop = loop;
		this.watch = link.watch(this);
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
	 * Send a command whose key is on its way to this server. What permits that must come
	 * right before, so that the event loop sends both.
	 */
	void sendAsking(WatchedCommand<?> command) {
		command.setSession(this);
		this.watch.sent(1);
		List<RedisCommand<byte[], byte[], ?>> both = new ArrayList<>(2);
		both.add(new Command<>(CommandType.ASKING, new StatusOutput<>(ByteArrayCodec.INSTANCE)));
		both.add(command);
		execute(() -> {
			try {
				this.connection.dispatch(both);
			}
			catch (RuntimeException ex) {
				command.completeExceptionally(ex);
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
			this.link.lost(this, failure);
		}
	}

	/**
	 * Return whether a command that was answered with an error is sent again.
	 */
	boolean takesOver(WatchedCommand<?> command, String error) {
		return this.link.takesOver(command, error, this);
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
		catch (RuntimeException ex) {
			command.completeExceptionally(ex);
		}
	}

	private void dispatch(List<? extends WatchedCommand<?>> commands) {
		try {
			this.connection.dispatch(commands);
		}
		catch (RuntimeException ex) {
			commands.forEach((command) -> command.completeExceptionally(ex));
		}
	}

}
