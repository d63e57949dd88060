package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.lettuce.core.api.StatefulConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a link, from its opening to its loss: sends commands in the order of
 * the calls, and notices when their replies stay away. Thread-safe.
 */
final class LinkSession {

	private final StatefulConnection<byte[], byte[]> connection;

	private final Executor dispatcher;

	private final ReplyWatch watch;

	private final BiConsumer<LinkSession, @Nullable Throwable> onLost;

	private final Consumer<@Nullable Throwable> onEnd = this::ended;

	/**
	 * Create a session.
	 * @param connection an open connection
	 * @param dispatcher runs what dispatches commands, in order
	 * @param timeout longest silence while a reply is due
	 * @param timer notices the silence
	 * @param onLost is told when the connection is of no use any more, and why if known
	 */
	LinkSession(StatefulConnection<byte[], byte[]> connection, Executor dispatcher, Duration timeout,
			ScheduledExecutorService timer, BiConsumer<LinkSession, @Nullable Throwable> onLost) {
		this.connection = connection;
		this.dispatcher = dispatcher;
		this.onLost = onLost;
		this.watch = new ReplyWatch(timeout, timer, () -> onLost.accept(this, null));
	}

	<T> CompletableFuture<T> send(RedisRequest<T> request) {
		WatchedCommand<T> command = new WatchedCommand<>(request, this.onEnd);
		this.watch.sent(1);
		inOrder(() -> this.connection.dispatch(command), command::completeExceptionally);
		return command;
	}

	<T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		List<WatchedCommand<T>> commands = new ArrayList<>(requests.size());
		for (RedisRequest<T> request : requests) {
			commands.add(new WatchedCommand<>(request, this.onEnd));
		}
		this.watch.sent(commands.size());
		inOrder(() -> this.connection.dispatch(commands),
				(failure) -> commands.forEach((command) -> command.completeExceptionally(failure)));
		return new ArrayList<>(commands);
	}

	void close() {
		this.connection.close();
	}

	void closeAsync() {
		this.connection.closeAsync();
	}

	private void ended(@Nullable Throwable failure) {
		this.watch.replied();
		if (failure != null) {
			this.onLost.accept(this, failure);
		}
	}

	private void inOrder(Runnable dispatch, Consumer<RuntimeException> onFailure) {
		try {
			this.dispatcher.execute(() -> now(dispatch, onFailure));
		}
		catch (RejectedExecutionException ex) {
			onFailure.accept(ex);
		}
	}

	private static void now(Runnable dispatch, Consumer<RuntimeException> onFailure) {
		try {
			dispatch.run();
		}
		catch (RuntimeException ex) {
			onFailure.accept(ex);
		}
	}

}
